using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

public sealed class UnsubscribeResponse
{
    public MqttUnsubscribeReasonCode ReasonCode { get; set; }

    public string? ReasonString { get; set; }

    public List<MqttUserProperty>? UserProperties { get; set; }
}
