using MQTTnet.Packets;

namespace MQTTnet;

public sealed class MqttClientSubscribeOptions
{
    /// <summary>0 = none. MQTT 5.0 only.</summary>
    public uint SubscriptionIdentifier { get; set; }

    public List<MqttTopicFilter> TopicFilters { get; set; } = [];

    /// <summary>MQTT 5.0 only.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
