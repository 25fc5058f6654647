namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Event ids 1100 to 1199.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1100, LogLevel.Information, "Store open in '{Directory}': results up to cursor {Results}, alarms up to {Alarms}, {Open} alarms open")]
    public static partial void Opened(ILogger logger, string directory, ulong results, ulong alarms, int open);

    [LoggerMessage(1101, LogLevel.Error, "Storing {Rows} rows failed; they are kept and tried again in {Pause}")]
    public static partial void CommitFailed(ILogger logger, Exception reason, int rows, TimeSpan pause);

    [LoggerMessage(1102, LogLevel.Information, "Storing works again after {Failures} failed transactions")]
    public static partial void Recovered(ILogger logger, int failures);

    [LoggerMessage(1103, LogLevel.Critical, "{Rows} rows could not be stored before the end and are lost")]
    public static partial void LostAtEnd(ILogger logger, Exception? reason, int rows);

    [LoggerMessage(1104, LogLevel.Warning, "The store's queue is full: rows are dropped (logged once until it has emptied)")]
    public static partial void QueueFull(ILogger logger);

    [LoggerMessage(1105, LogLevel.Debug, "Retention deleted {Rows} rows")]
    public static partial void Purged(ILogger logger, int rows);

    [LoggerMessage(1106, LogLevel.Warning, "Retention failed; it is tried again in a minute")]
    public static partial void PurgeFailed(ILogger logger, Exception reason);

    [LoggerMessage(1107, LogLevel.Error, "A row of kind {Kind} cannot be stored and is dropped; that is a defect, the other rows are stored")]
    public static partial void RowDropped(ILogger logger, Exception reason, StoreRowKind kind);

    [LoggerMessage(1108, LogLevel.Error, "{Results} results are stored but telling of them failed; that is a defect, a subscriber that resumes gets them from the store")]
    public static partial void ListenerFaulted(ILogger logger, Exception reason, int results);

    [LoggerMessage(1109, LogLevel.Error, "The store is not closed in order: the disk has not answered for {Limit}")]
    public static partial void NotClosed(ILogger logger, TimeSpan limit);

    [LoggerMessage(1110, LogLevel.Critical, "Database '{Path}' is damaged ({Reason}): it is kept as '{Aside}', and a new one is begun")]
    public static partial void SetAside(ILogger logger, string path, string aside, string reason);
}
