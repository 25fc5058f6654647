namespace MQTTnet.Server;

public sealed class MqttServerKeepAliveOptions
{
    /// <summary>Whether a client is also cut while a packet of its is half read.</summary>
    public bool DisconnectClientWhenReadingPayload { get; set; }

    /// <summary>How often silent clients, expired sessions and due last wills are looked for.</summary>
    public TimeSpan MonitorInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
