namespace EcgStream.Daemon.Journal;

public enum JournalState
{
    /// <summary>Not opened yet, or stopped.</summary>
    Closed,

    /// <summary>Appends are taken.</summary>
    Ready,

    /// <summary>The last write or flush failed; appends are refused until a retry succeeds.</summary>
    Failed,
}
