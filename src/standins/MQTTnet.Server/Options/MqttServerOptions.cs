namespace MQTTnet.Server;

public sealed class MqttServerOptions
{
    /// <summary>How long a new connection may take to its CONNECT, TLS handshake included.</summary>
    public TimeSpan DefaultCommunicationTimeout { get; set; } = TimeSpan.FromSeconds(100);

    public MqttServerTcpEndpointOptions DefaultEndpointOptions { get; } = new();

    /// <summary>Whether a session may outlive its connection. Off, clients are told so (session expiry 0).</summary>
    public bool EnablePersistentSessions { get; set; }

    public MqttServerKeepAliveOptions KeepAliveOptions { get; } = new();

    /// <summary>Messages that may wait for one client, beside those that it has been sent and not yet acknowledged.</summary>
    public int MaxPendingMessagesPerClient { get; set; } = 1000;

    public MqttPendingMessagesOverflowStrategy PendingMessagesOverflowStrategy { get; set; } = MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage;

    public MqttServerTlsTcpEndpointOptions TlsEndpointOptions { get; } = new();
}
