using System.CommandLine;
using EcgStream.Evaluation.Cli;

namespace EcgStream.Evaluation;

/// <summary>The command <c>ecgeval</c>: scores the daemon's own pipeline on recordings as the standards and the challenges do.</summary>
public static class EcgEvalApp
{
    /// <summary>Runs a command line on the process's console; Ctrl-C ends it in order.</summary>
    /// <returns>0 = done, 1 = done, but something could not be scored, 2 = wrong usage or unreadable input.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, EvalContext.FromProcess(), CancellationToken.None);

    internal static async Task<int> RunAsync(string[] args, EvalContext context, CancellationToken cancellation)
    {
        var root = new RootCommand("Scores EcgStream's pipeline on recordings. Not a medical device.");
        foreach (var command in Commands.All(context))
        {
            root.Add(command);
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                context.Error.WriteLine($"ecgeval: {error.Message}");
            }

            context.Error.WriteLine("ecgeval: try --help.");
            return ExitCodes.BadInput;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = context.Out, Error = context.Error }, cancellation);
    }
}
