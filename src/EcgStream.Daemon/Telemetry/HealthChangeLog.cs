using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Telemetry;

/// <summary>
/// Says in the log when the health of a stage changes, once; the framework's own lines, one for each look at a stage that is not well, are switched off.
/// One caller at a time.
/// </summary>
internal sealed class HealthChangeLog(ILogger<HealthChangeLog> log) : IHealthCheckPublisher
{
    private readonly Dictionary<string, HealthStatus> _told = new(StringComparer.Ordinal);

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (stage, entry) in report.Entries)
        {
            if (entry.Status == _told.GetValueOrDefault(stage, HealthStatus.Healthy))
            {
                continue;
            }

            _told[stage] = entry.Status;
            if (entry.Status == HealthStatus.Healthy)
            {
                TelemetryLog.StageWell(log, stage);
            }
            else
            {
                TelemetryLog.StageUnwell(log, stage, entry.Status, entry.Description ?? entry.Exception?.Message ?? "");
            }
        }

        return Task.CompletedTask;
    }
}
