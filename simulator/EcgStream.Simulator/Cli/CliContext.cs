using Spectre.Console;

namespace EcgStream.Simulator.Cli;

/// <summary>Where a command writes and what time it runs by.</summary>
/// <param name="Out">Results; plain lines unless <paramref name="Interactive"/>.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Interactive">A person watches a terminal: progress bars and tables are drawn.</param>
internal sealed record CliContext(TextWriter Out, TextWriter Error, bool Interactive, TimeProvider Clock)
{
    public IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Out) });

    public static CliContext FromProcess() =>
        new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected, TimeProvider.System);

    /// <summary>Says why the input or the usage is wrong.</summary>
    public int BadInput(string message)
    {
        Error.WriteLine($"ecgsim: {message}");
        return ExitCodes.BadInput;
    }
}
