using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Intervals without a unit in their name are seconds. What needs MQTT 5.0 is refused by the builder for older versions.</summary>
public sealed class MqttClientOptions
{
    public IMqttClientChannelOptions? ChannelOptions { get; set; }

    /// <summary>Clean Start in MQTT 5.0.</summary>
    public bool CleanSession { get; set; } = true;

    public string ClientId { get; set; } = Guid.NewGuid().ToString("N");

    public IMqttClientCredentialsProvider? Credentials { get; set; }

    /// <summary>Zero turns it off.</summary>
    public TimeSpan KeepAlivePeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes; 0 = no limit. MQTT 5.0 only.</summary>
    public uint MaximumPacketSize { get; set; }

    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.V500;

    /// <summary>Unacknowledged messages that the client takes; 0 = 65,535. MQTT 5.0 only.</summary>
    public ushort ReceiveMaximum { get; set; }

    public bool RequestProblemInformation { get; set; } = true;

    public bool RequestResponseInformation { get; set; }

    /// <summary>MQTT 5.0 only; uint.MaxValue = for ever.</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>How long the server may take to answer anything.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>MQTT 5.0 only.</summary>
    public ushort TopicAliasMaximum { get; set; }

    public bool TryPrivate { get; set; }

    public List<MqttUserProperty>? UserProperties { get; set; }

    public string? WillContentType { get; set; }

    public byte[]? WillCorrelationData { get; set; }

    public uint WillDelayInterval { get; set; }

    public uint WillMessageExpiryInterval { get; set; }

    public byte[]? WillPayload { get; set; }

    public MqttPayloadFormatIndicator WillPayloadFormatIndicator { get; set; }

    public MqttQualityOfServiceLevel WillQualityOfServiceLevel { get; set; }

    public string? WillResponseTopic { get; set; }

    public bool WillRetain { get; set; }

    public string? WillTopic { get; set; }

    public List<MqttUserProperty>? WillUserProperties { get; set; }
}
