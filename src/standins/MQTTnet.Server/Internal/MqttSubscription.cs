using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>One filter of one session. Replaced, never changed, when the client subscribes to the same filter again.</summary>
internal sealed class MqttSubscription(MqttServerSession session, MqttTopicFilter filter, MqttQualityOfServiceLevel granted, uint identifier)
{
    public MqttServerSession Session { get; } = session;

    public string Filter { get; } = filter.Topic;

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; } = granted;

    public bool NoLocal { get; } = filter.NoLocal;

    public bool RetainAsPublished { get; } = filter.RetainAsPublished;

    public MqttRetainHandling RetainHandling { get; } = filter.RetainHandling;

    /// <summary>The identifier as the list that packets carry, or null; shared, never changed.</summary>
    public List<uint>? Identifiers { get; } = identifier == 0 ? null : [identifier];
}
