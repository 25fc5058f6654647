using EcgStream.Evaluation.Cli;

namespace EcgStream.Evaluation.Tests.Contests;

/// <summary>A folder for one test, and <c>ecgeval</c> run over it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("ecgstream-contest-").FullName;

    public static string ShippedModels => Path.Combine(AppContext.BaseDirectory, "models");

    public string this[string name] => Path.Combine(_path, name);

    public string Write(string name, params string[] lines)
    {
        File.WriteAllLines(this[name], lines);
        return this[name];
    }

    public static async Task<(int Exit, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await EcgEvalApp.RunAsync(args, new EvalContext(output, error, Interactive: false, TimeProvider.System), TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
