using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Inference;

/// <summary>Unhealthy while the last batch of any model failed: its patients have no results.</summary>
public sealed class InferenceHealthCheck(InferenceEngine engine) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var faults = engine.Batchers.Select(batcher => batcher.Status).Where(status => status.Fault is not null).ToArray();
        return Task.FromResult(faults.Length == 0
            ? HealthCheckResult.Healthy($"{engine.Batchers.Count} model(s) at work")
            : HealthCheckResult.Unhealthy(string.Join("; ", faults.Select(status => $"{status.Model}: {status.Fault}"))));
    }
}
