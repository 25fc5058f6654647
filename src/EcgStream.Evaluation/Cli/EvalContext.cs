using Spectre.Console;

namespace EcgStream.Evaluation.Cli;

/// <summary>Where a command writes and what time it runs by.</summary>
/// <param name="Out">Results; plain lines unless <paramref name="Interactive"/>.</param>
/// <param name="Error">What went wrong, and progress.</param>
/// <param name="Interactive">A person watches a terminal: progress bars and tables are drawn.</param>
internal sealed record EvalContext(TextWriter Out, TextWriter Error, bool Interactive, TimeProvider Clock)
{
    /// <summary>Progress goes beside the results, so that a pipe gets results only.</summary>
    public IAnsiConsole Progress { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });

    public static EvalContext FromProcess() => new(Console.Out, Console.Error, !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Says why the input or the usage is wrong.</summary>
    public int BadInput(string message)
    {
        Error.WriteLine($"ecgeval: {message}");
        return ExitCodes.BadInput;
    }
}
