namespace EcgStream.Daemon.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Warning, "EcgStream {Version}. {Notice}")]
    public static partial void Started(ILogger log, string version, string notice);
}
