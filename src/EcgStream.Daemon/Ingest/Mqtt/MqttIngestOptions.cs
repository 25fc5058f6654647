using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>MQTT in: an embedded broker unless <see cref="Broker"/> names an external one.</summary>
public sealed class MqttIngestOptions
{
    public const string SectionName = "Ingest:Mqtt";

    /// <summary>False switches MQTT off altogether.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>External broker as <c>mqtt://host:port</c>; empty = the embedded one.</summary>
    public string Broker { get; set; } = "";

    /// <summary>User name at the external broker; empty = none.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Password at the external broker.</summary>
    public string Password { get; set; } = "";

    /// <summary>Client id at the external broker. Two daemons at one broker need two.</summary>
    [Required(AllowEmptyStrings = false)]
    [StringLength(64)]
    public string ClientId { get; set; } = "ecgstreamd";

    /// <summary>Address that the embedded broker listens on: <c>localhost</c>, an IP address, or <c>*</c> for every interface.</summary>
    [Required(AllowEmptyStrings = false)]
    public string BindAddress { get; set; } = "localhost";

    /// <summary>Port of the embedded broker.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 1883;

    /// <summary>Site segment under which refusals and alarms are published.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$")]
    public string Site { get; set; } = "main";

    /// <summary>
    /// Embedded broker: whether the session of a client that asks for it outlives the connection, so that a subscriber finds what was published while
    /// it was away (QoS 1 and 2, at most 1,000 messages a session, a week at most, and 1,000 sessions of clients that
    /// are away).
    /// </summary>
    public bool PersistentSessions { get; set; } = true;

    /// <summary>
    /// Embedded broker: topic filters that no client may subscribe to, as they are written; also every filter below one that ends in <c>/#</c>.
    /// Such a subscription is answered with 0x80. Empty = all are allowed.
    /// </summary>
    public IList<string> RefusedSubscriptions { get; } = [];

    /// <summary>
    /// Embedded broker: whether clients may publish to topics outside <c>ecg/</c>, which the broker relays to their subscribers. False refuses
    /// them with "not authorized" and makes the broker a one-way door for samples.
    /// </summary>
    public bool RelayOtherTopics { get; set; } = true;

    /// <summary>Embedded broker: connections at the same time; one more is refused as "server busy". An idle one holds about 10 KiB.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Embedded broker: how long a new connection may take to its CONNECT, TLS handshake included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Embedded broker: publishes of one connection that may be unanswered (the Receive Maximum of MQTT 5). A client of MQTT 5 that sends more is cut
    /// off, one of MQTT 3.1.1 waits. More raises throughput over slow links and what a connection may hold in memory.
    /// </summary>
    [Range(1, 4096)]
    public int ReceiveMaximum { get; set; } = 256;

    /// <summary>Embedded broker: bytes of one packet from a client; whoever announces a longer one is cut off before it is read.</summary>
    [Range(512 * 1024, 64 * 1024 * 1024)]
    public int MaxPacketBytes { get; set; } = 1024 * 1024;

    /// <summary>Embedded broker: how long a client may leave unread what it was sent before it is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Embedded broker: whether it is served over WebSockets too, as <c>/mqtt</c> of the HTTP endpoint.</summary>
    public bool WebSockets { get; set; } = true;
}
