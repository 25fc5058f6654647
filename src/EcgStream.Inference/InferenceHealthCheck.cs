using EcgStream.Inference.Batching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Inference;

/// <summary>
/// Degraded while a model fails, is behind, or runs on the CPU since the GPU failed. Never Unhealthy: samples are taken
/// and rules watch them all the same, so nobody may take the daemon out of service for a model (decision 0010).
/// </summary>
public sealed class InferenceHealthCheck(InferenceEngine engine) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var models = engine.Batchers.Select(batcher => batcher.Status).ToArray();
        var faults = models.Select(Fault).OfType<string>().ToArray();
        return Task.FromResult(
            faults.Length == 0
                ? HealthCheckResult.Healthy($"{models.Length} model(s) at work")
                : HealthCheckResult.Degraded(string.Join("; ", faults)));
    }

    // Without figures that change: who logs what changes would log them each time.
    private static string? Fault(BatcherStatus model) => model.State switch
    {
        ModelState.Failed => $"{model.Model} gives no results: {model.Fault}",
        ModelState.Behind => $"{model.Model} is behind: its windows wait too long or are dropped",
        _ when model.GpuFault is { } fault => $"{model.Model} runs on the CPU since it failed on the GPU: {fault}",
        _ => null,
    };
}
