using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>What the subscriber is answered for one topic filter.</summary>
public sealed class SubscribeResponse
{
    public MqttSubscribeReasonCode ReasonCode { get; set; }

    public string? ReasonString { get; set; }

    public List<MqttUserProperty>? UserProperties { get; set; }
}
