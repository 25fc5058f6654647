using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Unhealthy when a shard's loop has ended although the daemon runs: its devices are no longer analysed.</summary>
internal sealed class PipelineHealthCheck(PipelineService pipeline) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(pipeline.IsRunning ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("A shard has stopped; restart the daemon"));
}
