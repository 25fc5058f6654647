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

    /// <summary>False where the message has outlived its expiry interval.</summary>
    public bool TryCreateHeader(ushort id, bool dup, MqttProtocolVersion version, TimeProvider clock, out MqttPublishHeader header)
    {
        header = default;
        MqttProperties? properties = null;
        var expirySeconds = Message.MessageExpiryInterval;
        if (expirySeconds > 0)
        {
            var waitedSeconds = clock.GetElapsedTime(ReceivedTimestamp).TotalSeconds;
            if (waitedSeconds >= expirySeconds)
            {
                return false;
            }

            expirySeconds -= (uint)waitedSeconds;
        }

        if (version == MqttProtocolVersion.V500)
        {
            properties = MqttProperties.FromMessage(Message);
            if (SubscriptionIdentifiers is not null)
            {
                (properties ??= new MqttProperties()).SubscriptionIdentifiers = SubscriptionIdentifiers;
            }

            if (expirySeconds > 0)
            {
                properties!.MessageExpiryInterval = expirySeconds;
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
