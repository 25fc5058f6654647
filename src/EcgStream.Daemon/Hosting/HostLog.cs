namespace EcgStream.Daemon.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Warning, "EcgStream {Version}. {Notice}")]
    public static partial void Started(ILogger log, string version, string notice);

    [LoggerMessage(101, LogLevel.Warning, "systemd was not told {Message}: {Reason}")]
    public static partial void NotifyFailed(ILogger log, string message, string reason);
}
