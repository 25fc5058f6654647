namespace EcgStream.Daemon.Journal;

/// <summary>What became of an append at once; whether it is durable comes later, through the completion.</summary>
public enum JournalAppendStatus
{
    /// <summary>Taken; the completion will be called exactly once.</summary>
    Accepted,

    /// <summary>The queue is full: refuse the chunk as overloaded, or wait for space. The completion will not be called.</summary>
    Full,

    /// <summary>The journal cannot be written now. The completion will not be called.</summary>
    Failed,

    /// <summary>The journal is not open. The completion will not be called.</summary>
    Closed,
}
