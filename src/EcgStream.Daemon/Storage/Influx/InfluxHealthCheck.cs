using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>Degraded while InfluxDB takes no lines: everything is kept in the store and sent later; alarms do not pass through it.</summary>
internal sealed class InfluxHealthCheck(InfluxMetrics metrics) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(metrics.Fault is { } fault
            ? HealthCheckResult.Degraded(FormattableString.Invariant($"InfluxDB takes no lines, {metrics.Lag} rows wait: {fault}"))
            : HealthCheckResult.Healthy());
}
