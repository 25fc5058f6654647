using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Alarms;

/// <summary>Unhealthy while the alarm journal takes nothing: alarms are decided then, but nobody learns of them.</summary>
internal sealed class AlarmHealthCheck(AlarmWriter writer, AlarmQueue queue) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(writer.IsFailing
            ? HealthCheckResult.Unhealthy($"The alarm journal cannot be written; {queue.Depth} of {queue.Capacity} transitions wait")
            : HealthCheckResult.Healthy());
}
