namespace EcgStream.Daemon.Journal;

/// <summary>
/// Told what became of appends. Called on the journal's writer thread, in the order of the appends: must not block and must not throw.
/// Each accepted append gets exactly one call.
/// </summary>
public interface IJournalCompletion
{
    /// <summary>The record is on disk.</summary>
    /// <param name="token">What the append was given.</param>
    /// <param name="position">Where the record stands.</param>
    void OnCommitted(ulong token, JournalPosition position);

    /// <summary>The record is not durable and must not be acknowledged.</summary>
    void OnFailed(ulong token, JournalException reason);

    /// <summary>Called after all records of a commit were told, at least once per completion that had one: the place to send one batch of acknowledgements. Must bear being called when it has nothing new.</summary>
    void OnBatchEnd() { }
}
