using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>What the publisher is answered in PUBACK or PUBREC. Clients below MQTT 5.0 see none of it.</summary>
public sealed class PublishResponse
{
    public MqttPubAckReasonCode ReasonCode { get; set; } = MqttPubAckReasonCode.Success;

    public string? ReasonString { get; set; }

    public List<MqttUserProperty>? UserProperties { get; set; }
}
