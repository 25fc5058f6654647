using EcgStream.Daemon.Telemetry.Exposition;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Makes the counting begin before any other stage starts.</summary>
/// <param name="store">The counts.</param>
/// <param name="daemon">Only there to be made: its instruments report by themselves. None where a host has the store alone.</param>
internal sealed class TelemetryService(MetricStore store, IEnumerable<DaemonMetrics> daemon) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = daemon.Count();
        store.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
