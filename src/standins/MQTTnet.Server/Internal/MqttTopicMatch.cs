namespace MQTTnet.Server;

/// <summary>Who gets the messages of one topic, as long as no subscription changes. A session stands once, with all its matching filters.</summary>
internal sealed class MqttTopicMatch(long version, (MqttServerSession Session, MqttSubscription[] Subscriptions)[] sessions, MqttSharedGroup[] groups)
{
    public long Version { get; } = version;

    public (MqttServerSession Session, MqttSubscription[] Subscriptions)[] Sessions { get; } = sessions;

    public MqttSharedGroup[] Groups { get; } = groups;
}
