namespace EcgStream.Daemon.Journal;

/// <summary>An append that did not become durable, or a journal that cannot be opened; the message says what, where and why.</summary>
public sealed class JournalException(string message, JournalAppendStatus status = JournalAppendStatus.Failed, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Why, as <see cref="ChunkJournal.TryAppend"/> would say it.</summary>
    public JournalAppendStatus Status { get; } = status;
}
