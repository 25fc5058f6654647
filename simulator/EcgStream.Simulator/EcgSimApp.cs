using System.CommandLine;
using EcgStream.Simulator.Cli;

namespace EcgStream.Simulator;

/// <summary>The command <c>ecgsim</c>.</summary>
public static class EcgSimApp
{
    /// <summary>Runs a command line on the process's console; Ctrl-C ends it in order.</summary>
    /// <returns>0 = all acknowledged and answered, 1 = something lost, refused or unanswered, 2 = wrong usage or unreadable input.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, CliContext.FromProcess(), CancellationToken.None);

    internal static async Task<int> RunAsync(string[] args, CliContext context, CancellationToken cancellation)
    {
        var root = new RootCommand("Simulates ECG devices: replays recordings, makes synthetic ECGs, watches alarms. Not a medical device.")
        {
            new ReplayCommand(context),
            new SynthCommand(context),
            new WatchCommand(context),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                context.Error.WriteLine($"ecgsim: {error.Message}");
            }

            context.Error.WriteLine("ecgsim: try --help.");
            return ExitCodes.BadInput;
        }

        var configuration = new InvocationConfiguration { Output = context.Out, Error = context.Error };
        return await parsed.InvokeAsync(configuration, cancellation);
    }
}
