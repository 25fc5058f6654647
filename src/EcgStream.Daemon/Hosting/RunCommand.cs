using EcgStream.Daemon.Check;

namespace EcgStream.Daemon.Hosting;

/// <summary><c>ecgstreamd run</c>: the daemon until it is told to stop.</summary>
internal static class RunCommand
{
    public const int StartRefused = 3;

    /// <summary>A stage ended that cannot be started again within the process: systemd starts another.</summary>
    public const int StageEnded = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        IConfiguration? settings = null;
        var started = false;
        try
        {
            await using var host = DaemonHost.Build(args, builder =>
            {
                settings = builder.Configuration;

                // Until it has started, the host would log a fault with its stack trace that is told in a line below, and after it the services that it then cuts short.
                builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => Volatile.Read(ref started) && level >= LogLevel.Information);
            });
            var faults = await CheckCommand.BeforeStartAsync(DaemonSettings.Load(args), host.Services);
            if (faults.Count > 0)
            {
                return Refuse(faults.Select(fault => fault.Text));
            }

            host.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref started, true));
            HostLog.Started(host.Logger, Product.Version, Product.NotAMedicalDevice);
            BackgroundService[] stages = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await host.RunAsync();
            return Array.Exists(stages, stage => stage.ExecuteTask is { IsFaulted: true }) ? StageEnded : 0;
        }
        catch (Exception fault) when (StartFault.Explain(fault, settings) is { } lines)
        {
            return Refuse(lines);
        }
    }

    private static int Refuse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Console.Error.WriteLine($"ecgstreamd: {line}");
        }

        return StartRefused;
    }
}
