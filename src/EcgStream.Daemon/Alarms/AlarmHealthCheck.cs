using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Alarms;

/// <summary>Unhealthy while transitions cannot be stored: they are published, marked, and stored once the disk lets them.</summary>
internal sealed class AlarmHealthCheck(AlarmStorer storer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(storer.FailureReason is { } reason
            ? HealthCheckResult.Unhealthy($"{storer.Waiting} alarm transitions are published but not stored: {reason}")
            : HealthCheckResult.Healthy());
}
