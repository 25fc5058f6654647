using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>
/// A message as an application sees it. The payload of a received message lies in memory of its own and may be kept; a message
/// that was handed to a publish must not be changed until that publish has completed.
/// </summary>
public sealed class MqttApplicationMessage
{
    /// <summary>MQTT 5.0 only.</summary>
    public string? ContentType { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public byte[]? CorrelationData { get; set; }

    public bool Dup { get; set; }

    /// <summary>Seconds after which a message that is still waiting is dropped; 0 = never. MQTT 5.0 only.</summary>
    public uint MessageExpiryInterval { get; set; }

    public ReadOnlySequence<byte> Payload { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public MqttPayloadFormatIndicator PayloadFormatIndicator { get; set; }

    public ArraySegment<byte> PayloadSegment
    {
        set => Payload = new ReadOnlySequence<byte>(value);
    }

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public string? ResponseTopic { get; set; }

    public bool Retain { get; set; }

    /// <summary>On a received message: the identifiers of the subscriptions that it matched. MQTT 5.0 only.</summary>
    public List<uint>? SubscriptionIdentifiers { get; set; }

    public string Topic { get; set; } = string.Empty;

    /// <summary>0 = no alias. MQTT 5.0 only.</summary>
    public ushort TopicAlias { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
