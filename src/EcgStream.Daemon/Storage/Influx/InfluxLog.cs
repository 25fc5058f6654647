namespace EcgStream.Daemon.Storage.Influx;

/// <summary>Event ids 1200 to 1299.</summary>
internal static partial class InfluxLog
{
    [LoggerMessage(1200, LogLevel.Information, "InfluxDB is fed: {Destination}, {Lag} rows behind")]
    public static partial void Started(ILogger logger, string destination, ulong lag);

    [LoggerMessage(1201, LogLevel.Warning, "InfluxDB does not take lines: {Reason}; tried again in {Pause}. Nothing is skipped")]
    public static partial void Unavailable(ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(1202, LogLevel.Information, "InfluxDB takes lines again after {Failures} failed tries")]
    public static partial void Recovered(ILogger logger, int failures);

    [LoggerMessage(1203, LogLevel.Error, "InfluxDB refused {Lines} lines of {Source} for what they say; they are kept in feed_refusals. Reason: {Reason}")]
    public static partial void Refused(ILogger logger, int lines, string source, string reason);

    [LoggerMessage(1204, LogLevel.Error, "{Rows} rows of {Source} were deleted by retention before InfluxDB had them")]
    public static partial void Missed(ILogger logger, ulong rows, string source);

    [LoggerMessage(1205, LogLevel.Error, "The InfluxDB feed cannot read or write the store; tried again in {Pause}")]
    public static partial void StoreFailed(ILogger logger, Exception reason, TimeSpan pause);
}
