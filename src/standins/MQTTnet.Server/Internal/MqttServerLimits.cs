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

    /// <summary>Payload bytes of all retained messages together.</summary>
    public const long MaximumRetainedBytes = 256L * 1024 * 1024;

    /// <summary>
    /// Payload bytes that wait in the queues of all clients together, present or away; a message that several wait for counts for each. Beyond
    /// it every queue is as if full.
    /// </summary>
    public const long MaximumQueuedBytes = 256L * 1024 * 1024;

    /// <summary>Sessions kept for clients that are away. One more ends the session that has been away longest.</summary>
    public const int MaximumSessionsAway = 20_000;

    /// <summary>A week: a device that comes back after a long weekend finds its session. MQTT 5.0 clients that ask for longer are told.</summary>
    public const uint MaximumSessionExpirySeconds = 7 * 24 * 3600;

    /// <summary>
    /// Longest keep-alive for MQTT 5.0 clients, which are told (Server Keep Alive) where they ask for more or for none: a peer that vanished
    /// is found within 90 s. Older clients keep what they ask for; TCP keep-alive finds theirs.
    /// </summary>
    public const ushort MaximumKeepAliveSeconds = 60;

    /// <summary>
    /// From a packet's first byte to its last. 4 MiB within it are 70 kB/s; a peer that sends a byte now and then holds nothing for longer.
    /// </summary>
    public static readonly TimeSpan MaximumPacketTime = TimeSpan.FromSeconds(60);

    /// <summary>
    /// After a DISCONNECT of ours what the client still sends is read and dropped until it closes or is quiet for this long: closing over
    /// unread data resets the connection, and the client's next write fails before it has read why.
    /// </summary>
    public static readonly TimeSpan LingerQuiet = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan LingerTotal = TimeSpan.FromSeconds(2);

    /// <summary>Topics for which the server makes up an alias towards one client, where the client takes as many.</summary>
    public const ushort OutboundTopicAliases = 32;

    public const int MaximumSubscriptionsPerSession = 10_000;

    /// <summary>Messages that one turn of a connection's pump writes before it lets other work onto the thread.</summary>
    public const int PumpBatch = 128;
}
