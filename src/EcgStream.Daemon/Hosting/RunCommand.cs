using EcgStream.Daemon.Journal;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Hosting;

/// <summary><c>ecgstreamd run</c>: the daemon until it is told to stop.</summary>
internal static class RunCommand
{
    public const int StartRefused = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal) || !arg.Contains('=')) is { } odd)
        {
            Console.Error.WriteLine($"ecgstreamd: settings are written --Section:Key=value, not '{odd}'");
            return 2;
        }

        try
        {
            await using var host = DaemonHost.Build(args);
            await host.RunAsync();
            return 0;
        }
        catch (Exception fault) when (StartFault.Explain(fault) is { } lines)
        {
            foreach (var line in lines)
            {
                Console.Error.WriteLine($"ecgstreamd: {line}");
            }

            return StartRefused;
        }
    }
}
