using System.Globalization;
using System.Net.Sockets;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.Hosting.Systemd;

namespace EcgStream.Daemon.Hosting;

/// <summary>Feeds systemd's watchdog while every stage gets on: a daemon in which one does not is started anew.</summary>
internal sealed class SystemdWatchdog(
    ISystemdNotifier systemd, StageWatch stages, TimeProvider clock, ILogger<SystemdWatchdog> log) : BackgroundService
{
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var limit = Environment.GetEnvironmentVariable(WatchdogVariable);
        if (!long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds == 0)
        {
            return;
        }

        // A third of the limit: one late tick does not cost a restart.
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds) / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (stages.Stuck.Count == 0)
                {
                    Feed();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Feed()
    {
        try
        {
            systemd.Notify(Alive);
        }
        catch (SocketException fault)
        {
            HostLog.NotifyFailed(log, "WATCHDOG=1", fault.Message);
        }
    }
}

internal static class SystemdServiceCollectionExtensions
{
    /// <summary>
    /// Where there is a NOTIFY_SOCKET: tells systemd (Type=notify) of start and stop, and feeds its watchdog. The package's own
    /// <c>AddSystemd</c> wants the process to be systemd's own child, which it is not in a container or behind a shell, and sets the
    /// log's format, which is a setting here.
    /// </summary>
    public static void AddEcgSystemd(this IServiceCollection services)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            return;
        }

        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
        services.AddHostedService<SystemdWatchdog>();
    }
}
