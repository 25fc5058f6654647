using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Unhealthy while transitions cannot be stored: they are published, marked, and stored once the disk lets them.
/// Degraded while another system refuses those that are handed on to it.
/// </summary>
internal sealed class AlarmHealthCheck(AlarmStorer storer, AlarmPublication publication) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (storer.FailureReason is { } reason)
        {
            var text = $"{storer.Waiting} alarm transitions are published but not stored: {reason}";
            return HealthCheckResult.Unhealthy(text);
        }

        var refusals = string.Join("; ", publication.Refusals);
        return refusals.Length > 0 ? HealthCheckResult.Degraded(refusals) : HealthCheckResult.Healthy();
    }
}
