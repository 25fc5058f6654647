using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Supervision;

/// <summary>All stages together: whether each gets on, and which were restarted of late. The watchdog and health ask.</summary>
internal sealed class StageWatch(IEnumerable<IStageProgress> stages, StageRestarts restarts) : IHealthCheck
{
    private readonly IStageProgress[] _stages = [.. stages];

    /// <summary>What is stuck now; empty while every stage gets on. A process in which something is stuck is to be started anew.</summary>
    public IReadOnlyList<string> Stuck => [.. _stages.Select(stage => stage.DescribeStuck()).OfType<string>()];

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        Stuck is { Count: > 0 } stuck ? HealthCheckResult.Unhealthy(string.Join("; ", stuck))
        : restarts.Failing is { Count: > 0 } failing ? HealthCheckResult.Degraded(string.Join("; ", failing))
        : HealthCheckResult.Healthy());
}
