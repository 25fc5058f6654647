namespace EcgStream.Daemon.Journal;

/// <summary>Opens the journal before the stages registered after it start, and closes it after they have stopped.</summary>
internal sealed class JournalService(ChunkJournal journal) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        journal.Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(journal.Close, CancellationToken.None);
}
