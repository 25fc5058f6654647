using MQTTnet.Packets;

namespace MQTTnet;

public sealed class MqttClientUnsubscribeOptions
{
    public List<string> TopicFilters { get; set; } = [];

    /// <summary>MQTT 5.0 only.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
