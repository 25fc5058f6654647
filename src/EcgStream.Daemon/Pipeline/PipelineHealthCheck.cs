using EcgStream.Daemon.Alarms;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// Unhealthy when a shard's loop has ended although the daemon runs: its devices are no longer analysed. Degraded while devices send samples of which nothing is analysed.
/// </summary>
internal sealed class PipelineHealthCheck(PipelineService pipeline, AlarmEngine alarms) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !pipeline.IsRunning ? HealthCheckResult.Unhealthy("A shard has stopped; restart the daemon")
            : alarms.NotAnalysed is > 0 and var devices ? HealthCheckResult.Degraded($"{devices} device(s) send samples of which nothing is analysed; see ecgstreamd devices")
            : HealthCheckResult.Healthy());
}
