using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>A message on its way to one subscriber. The application message is shared by all of them and not changed.</summary>
internal readonly struct MqttOutboundMessage
{
    public required MqttApplicationMessage Message { get; init; }

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; init; }

    public bool Retain { get; init; }

    public List<uint>? SubscriptionIdentifiers { get; init; }

    /// <summary>Ticks of the server's clock at which the message came in; its expiry counts from there.</summary>
    public long ReceivedTimestamp { get; init; }

    /// <summary>False where the message has outlived its expiry interval; one that was sent before (<paramref name="dup"/>) must be delivered all the same (4.3.3).</summary>
    public bool TryCreateHeader(ushort id, bool dup, MqttProtocolVersion version, TimeProvider clock, out MqttPublishHeader header)
    {
        header = default;
        MqttProperties? properties = null;
        uint? restSeconds = null;
        if (Message.MessageExpiryInterval > 0)
        {
            var waitedSeconds = clock.GetElapsedTime(ReceivedTimestamp).TotalSeconds;
            if (waitedSeconds >= Message.MessageExpiryInterval && !dup)
            {
                return false;
            }

            restSeconds = (uint)Math.Max(0, Message.MessageExpiryInterval - Math.Floor(waitedSeconds));
        }

        if (version == MqttProtocolVersion.V500)
        {
            properties = MqttProperties.FromMessage(Message);
            if (SubscriptionIdentifiers is not null)
            {
                (properties ??= new MqttProperties()).SubscriptionIdentifiers = SubscriptionIdentifiers;
            }

            if (restSeconds is not null)
            {
                properties!.MessageExpiryInterval = restSeconds;
            }
        }

        header = new MqttPublishHeader
        {
            Topic = Message.Topic,
            QualityOfServiceLevel = QualityOfServiceLevel,
            Retain = Retain,
            Dup = dup,
            PacketIdentifier = id,
            Properties = properties,
        };
        return true;
    }
}
