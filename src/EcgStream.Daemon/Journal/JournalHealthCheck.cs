using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Journal;

/// <summary>Unhealthy while the journal cannot be written: no chunk is acknowledged then.</summary>
public sealed class JournalHealthCheck(ChunkJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(journal.State switch
        {
            JournalState.Ready => HealthCheckResult.Healthy(),
            JournalState.Failed => HealthCheckResult.Unhealthy(journal.FailureReason),
            _ => HealthCheckResult.Unhealthy("The journal is not open."),
        });
}
