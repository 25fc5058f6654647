namespace EcgStream.Daemon.Alarms.Limits;

internal static partial class LimitLog
{
    [LoggerMessage(2020, LogLevel.Information, "Alarm limits changed, {Scope} set, version {Version}")]
    public static partial void Changed(ILogger logger, string scope, ulong version);

    [LoggerMessage(2021, LogLevel.Error, "Alarm limits cannot be stored; they are not changed")]
    public static partial void NotStored(ILogger logger, Exception reason);
}
