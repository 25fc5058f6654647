using MQTTnet.Protocol;

namespace MQTTnet.Packets;

/// <summary>One topic filter of a subscription with its MQTT 5.0 options.</summary>
public sealed class MqttTopicFilter
{
    /// <summary>The subscriber does not get what it published itself. MQTT 5.0 only.</summary>
    public bool NoLocal { get; set; }

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>Forwarded messages keep the publisher's retain flag. MQTT 5.0 only.</summary>
    public bool RetainAsPublished { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public MqttRetainHandling RetainHandling { get; set; } = MqttRetainHandling.SendAtSubscribe;

    public string Topic { get; set; } = string.Empty;

    public override string ToString() =>
        $"TopicFilter: [Topic={Topic}] [QualityOfServiceLevel={QualityOfServiceLevel}] [NoLocal={NoLocal}] [RetainAsPublished={RetainAsPublished}] [RetainHandling={RetainHandling}]";
}
