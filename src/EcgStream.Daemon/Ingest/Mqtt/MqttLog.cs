using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest.Mqtt;

internal static partial class MqttLog
{
    [LoggerMessage(3100, LogLevel.Information, "MQTT: embedded broker listens on {Address}:{Port}")]
    public static partial void BrokerListening(ILogger log, string address, int port);

    [LoggerMessage(3101, LogLevel.Information, "MQTT: connected to {Broker}, subscribed to {Topic}")]
    public static partial void Connected(ILogger log, string broker, string topic);

    [LoggerMessage(3102, LogLevel.Warning, "MQTT: no connection to {Broker} ({Reason}); tried again every {Pause}")]
    public static partial void Disconnected(ILogger log, string broker, string reason, TimeSpan pause);

    [LoggerMessage(3103, LogLevel.Error, "MQTT: the journal failed, so the connection is dropped for the broker to keep and send again what is not acknowledged")]
    public static partial void JournalFailed(ILogger log);

    [LoggerMessage(3104, LogLevel.Warning, "MQTT: what {Device} publishes as samples is refused ({Reason}): {Message} ({LeftOut} more since the last such line)")]
    public static partial void PublishRefused(ILogger log, string device, RefusalReason reason, string message, int leftOut);
}
