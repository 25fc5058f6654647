using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Degraded while results cannot be stored: they are kept in the queue and alarms still go out.</summary>
public sealed class StorageHealthCheck(ResultStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.FailureReason is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}
