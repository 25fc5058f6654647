namespace MQTTnet.Server;

/// <summary>Bounds for which the official options have no place.</summary>
internal static class MqttServerLimits
{
    /// <summary>Bytes of a packet once a client is connected; MQTT 5.0 clients are told. A chunk of ours has at most 256 KiB.</summary>
    public const uint MaximumPacketSize = 4 * 1024 * 1024;

    /// <summary>Bytes of CONNECT: will payload, password and properties at most, and nobody has been let in yet.</summary>
    public const uint MaximumConnectSize = 512 * 1024;

    /// <summary>
    /// Publishes of one connection that may wait for their handlers. 256 at a group commit of 20 ms are 12,800 publishes a second from one
    /// connection; at 2.4 kB each they hold 0.6 MB.
    /// </summary>
    public const ushort ReceiveMaximum = 256;

    /// <summary>
    /// Where the read loop stops. Above the receive maximum, so that an MQTT 5.0 client that exceeds it is seen to; older clients, which know no
    /// such limit, and QoS 0 wait here in TCP.
    /// </summary>
    public const int PublishLine = ReceiveMaximum + 64;

    public const ushort TopicAliasMaximum = 64;

    /// <summary>Messages sent to one client and not yet acknowledged by it, where the client names no smaller receive maximum.</summary>
    public const int MaximumInflight = 1024;

    public const int MaximumRetainedMessages = 100_000;

    public const int MaximumSubscriptionsPerSession = 10_000;

    /// <summary>Messages that one turn of a connection's pump writes before it lets other work onto the thread.</summary>
    public const int PumpBatch = 128;
}
