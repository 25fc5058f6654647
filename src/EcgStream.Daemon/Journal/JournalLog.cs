namespace EcgStream.Daemon.Journal;

/// <summary>Event ids 1000 to 1099.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(1000, LogLevel.Information, "Journal open: {Segments} segments, {Records} records known in '{Directory}'")]
    public static partial void Opened(ILogger logger, int segments, long records, string directory);

    [LoggerMessage(1001, LogLevel.Warning, "Journal end mended: {TornBytes} bytes of appends that were never committed were cut off")]
    public static partial void TornTail(ILogger logger, long tornBytes);

    [LoggerMessage(1002, LogLevel.Error, "Journal has {Stretches} damaged places; the records in them are lost, those around them are not")]
    public static partial void Corrupt(ILogger logger, int stretches);

    [LoggerMessage(1003, LogLevel.Error, "Journal cannot be written; {Records} waiting chunks are refused and so is every further one until writing works again")]
    public static partial void Failed(ILogger logger, Exception reason, int records);

    [LoggerMessage(1004, LogLevel.Information, "Journal is written again, from segment {Segment}")]
    public static partial void Recovered(ILogger logger, uint segment);

    [LoggerMessage(1005, LogLevel.Debug, "Journal segment {Segment} closed at {Bytes} bytes")]
    public static partial void Rolled(ILogger logger, uint segment, long bytes);

    [LoggerMessage(1006, LogLevel.Information, "Journal segment {Segment} deleted by retention ({Bytes} bytes)")]
    public static partial void Deleted(ILogger logger, uint segment, long bytes);

    [LoggerMessage(1007, LogLevel.Warning, "Journal segment {Segment} is due for deletion but cannot be deleted")]
    public static partial void DeleteFailed(ILogger logger, Exception reason, uint segment);

    [LoggerMessage(1008, LogLevel.Error, "{Count} journal completions threw; that is a defect of their owner")]
    public static partial void CompletionsThrew(ILogger logger, int count);

    [LoggerMessage(1009, LogLevel.Information, "Journal tail replayed: {Records} records of the last {Window}")]
    public static partial void Replayed(ILogger logger, long records, TimeSpan window);

    [LoggerMessage(1010, LogLevel.Information, "Journal closed at {Position}")]
    public static partial void Closed(ILogger logger, JournalPosition position);

    [LoggerMessage(1011, LogLevel.Error, "Journal has not been written for {Limit}: the disk hangs; {Records} waiting chunks are refused and so is every further one until it answers")]
    public static partial void Stalled(ILogger logger, TimeSpan limit, int records);

    [LoggerMessage(1012, LogLevel.Error, "Journal is not closed in order: the disk has not answered for {Limit}")]
    public static partial void NotClosed(ILogger logger, TimeSpan limit);
}
