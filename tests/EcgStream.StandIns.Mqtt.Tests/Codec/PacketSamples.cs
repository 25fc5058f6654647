using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.StandIns.Mqtt.Tests.Codec;

/// <summary>Random valid packets from a seed.</summary>
internal sealed class PacketSamples(Random random)
{
    private static readonly byte[] PubAckCodes = [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];

    public MqttPacket Next(bool fromClient, MqttProtocolVersion version)
    {
        var isV5 = version == MqttProtocolVersion.V500;
        while (true)
        {
            switch (random.Next(15))
            {
                case 0 when fromClient:
                    return Connect(version);
                case 1 when !fromClient:
                    var refused = random.Next(2) == 0;
                    return new MqttConnAckPacket
                    {
                        IsSessionPresent = !refused && Coin(),
                        Code = !refused ? (byte)0 : isV5 ? (byte)0x87 : (byte)random.Next(1, 6),
                        Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.ConnAck)) : null,
                    };
                case 2 or 3 or 4:
                    return Publish(isV5);
                case 5:
                    return Ack(MqttPacketType.PubAck, isV5, PubAckCodes);
                case 6:
                    return Ack(MqttPacketType.PubRec, isV5, PubAckCodes);
                case 7:
                    return Ack(MqttPacketType.PubRel, isV5, [0, 0x92]);
                case 8:
                    return Ack(MqttPacketType.PubComp, isV5, [0, 0x92]);
                case 9 when fromClient:
                    return new MqttSubscribePacket
                    {
                        PacketIdentifier = Id(),
                        Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.Subscribe)) : null,
                        TopicFilters = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Filter(isV5))],
                    };
                case 10 when fromClient:
                    return new MqttUnsubscribePacket
                    {
                        PacketIdentifier = Id(),
                        Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.Unsubscribe)) : null,
                        TopicFilters = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Topic())],
                    };
                case 11 when !fromClient:
                    return new MqttSubAckPacket(MqttPacketType.SubAck)
                    {
                        PacketIdentifier = Id(),
                        Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.SubAck)) : null,
                        Codes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (byte)(Coin() ? 0x80 : random.Next(3)))],
                    };
                case 12 when !fromClient:
                    return new MqttSubAckPacket(MqttPacketType.UnsubAck)
                    {
                        PacketIdentifier = Id(),
                        Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.UnsubAck)) : null,
                        Codes = isV5 ? [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (byte)(Coin() ? 0 : 0x11))] : [],
                    };
                case 13:
                    return fromClient ? MqttPingPacket.Request : MqttPingPacket.Response;
                case 14 when fromClient || isV5:
                    return !isV5 || Coin()
                        ? new MqttDisconnectPacket { ReasonCode = isV5 ? (byte)0x81 : (byte)0, Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.Disconnect)) : null }
                        : new MqttAuthPacket { ReasonCode = 0x18, Properties = new MqttProperties { AuthenticationMethod = Text(), AuthenticationData = Bytes(20), ReasonString = Text() } };
                default:
                    continue;
            }
        }
    }

    public MqttConnectPacket Connect(MqttProtocolVersion version)
    {
        var isV5 = version == MqttProtocolVersion.V500;
        var packet = new MqttConnectPacket
        {
            ProtocolVersion = version,
            TryPrivate = Coin(),
            CleanSession = Coin(),
            KeepAliveSeconds = (ushort)random.Next(65_536),
            ClientId = Text(),
            Username = Coin() ? Text() : null,
            Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.Connect)) : null,
        };
        packet.Password = (packet.Username is not null || isV5) && Coin() ? Bytes(30) : null;
        if (Coin())
        {
            packet.Will = new MqttWill
            {
                Topic = Topic(),
                Payload = Bytes(50),
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)random.Next(3),
                Retain = Coin(),
                Properties = isV5 ? Properties(MqttPropertyRules.Will) : null,
            };
        }

        return packet;
    }

    public MqttPublishPacket Publish(bool isV5)
    {
        var qos = (MqttQualityOfServiceLevel)random.Next(3);
        return new MqttPublishPacket
        {
            QualityOfServiceLevel = qos,
            Dup = qos > 0 && Coin(),
            Retain = Coin(),
            PacketIdentifier = qos > 0 ? Id() : (ushort)0,
            Topic = Topic(),
            Payload = Bytes(random.Next(5) == 0 ? 20_000 : 300),
            Properties = isV5 ? Properties(MqttPropertyRules.For(MqttPacketType.Publish)) : null,
        };
    }

    private MqttAckPacket Ack(MqttPacketType type, bool isV5, byte[] codes) => new(type)
    {
        PacketIdentifier = Id(),
        ReasonCode = isV5 ? codes[random.Next(codes.Length)] : (byte)0,
        Properties = isV5 ? Properties(MqttPropertyRules.For(type)) : null,
    };

    private MqttTopicFilter Filter(bool isV5) => new()
    {
        Topic = Topic() + (Coin() ? "/#" : "/+/x"),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)random.Next(3),
        NoLocal = isV5 && Coin(),
        RetainAsPublished = isV5 && Coin(),
        RetainHandling = isV5 ? (MqttRetainHandling)random.Next(3) : 0,
    };

    private MqttProperties? Properties(ulong allowed)
    {
        if (random.Next(3) == 0)
        {
            return null;
        }

        var p = new MqttProperties();
        var used = false;
        bool Use(MqttPropertyId id)
        {
            var use = (allowed & (1UL << (int)id)) != 0 && Coin();
            used |= use;
            return use;
        }

        p.PayloadFormatIndicator = Use(MqttPropertyId.PayloadFormatIndicator) ? (byte)random.Next(2) : null;
        p.MessageExpiryInterval = Use(MqttPropertyId.MessageExpiryInterval) ? (uint)random.NextInt64(1L << 32) : null;
        p.ContentType = Use(MqttPropertyId.ContentType) ? Text() : null;
        p.ResponseTopic = Use(MqttPropertyId.ResponseTopic) ? Topic() : null;
        p.CorrelationData = Use(MqttPropertyId.CorrelationData) ? (ReadOnlyMemory<byte>?)Bytes(200) : null;
        p.SubscriptionIdentifiers = Use(MqttPropertyId.SubscriptionIdentifier) ? [(uint)random.Next(1, 268_435_456)] : null;
        p.SessionExpiryInterval = Use(MqttPropertyId.SessionExpiryInterval) ? (uint)random.NextInt64(1L << 32) : null;
        p.AssignedClientIdentifier = Use(MqttPropertyId.AssignedClientIdentifier) ? Text() : null;
        p.ServerKeepAlive = Use(MqttPropertyId.ServerKeepAlive) ? (ushort)random.Next(65_536) : null;
        p.AuthenticationMethod = Use(MqttPropertyId.AuthenticationMethod) ? Text() : null;
        p.AuthenticationData = p.AuthenticationMethod is not null && Use(MqttPropertyId.AuthenticationData) ? (ReadOnlyMemory<byte>?)Bytes(20) : null;
        p.RequestProblemInformation = Use(MqttPropertyId.RequestProblemInformation) ? Coin() : null;
        p.WillDelayInterval = Use(MqttPropertyId.WillDelayInterval) ? (uint)random.NextInt64(1L << 32) : null;
        p.RequestResponseInformation = Use(MqttPropertyId.RequestResponseInformation) ? Coin() : null;
        p.ResponseInformation = Use(MqttPropertyId.ResponseInformation) ? Text() : null;
        p.ServerReference = Use(MqttPropertyId.ServerReference) ? Text() : null;
        p.ReasonString = Use(MqttPropertyId.ReasonString) ? Text() : null;
        p.ReceiveMaximum = Use(MqttPropertyId.ReceiveMaximum) ? (ushort)random.Next(1, 65_536) : null;
        p.TopicAliasMaximum = Use(MqttPropertyId.TopicAliasMaximum) ? (ushort)random.Next(65_536) : null;
        p.TopicAlias = Use(MqttPropertyId.TopicAlias) ? (ushort)random.Next(1, 65_536) : null;
        p.MaximumQoS = Use(MqttPropertyId.MaximumQoS) ? (byte)random.Next(2) : null;
        p.RetainAvailable = Use(MqttPropertyId.RetainAvailable) ? Coin() : null;
        p.UserProperties = Use(MqttPropertyId.UserProperty)
            ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new MqttUserProperty(Text(), new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(Text()))))]
            : null;
        p.MaximumPacketSize = Use(MqttPropertyId.MaximumPacketSize) ? (uint)random.NextInt64(1, 1L << 32) : null;
        p.WildcardSubscriptionAvailable = Use(MqttPropertyId.WildcardSubscriptionAvailable) ? Coin() : null;
        p.SubscriptionIdentifiersAvailable = Use(MqttPropertyId.SubscriptionIdentifierAvailable) ? Coin() : null;
        p.SharedSubscriptionAvailable = Use(MqttPropertyId.SharedSubscriptionAvailable) ? Coin() : null;
        return used ? p : null;
    }

    private bool Coin() => random.Next(2) == 0;

    private ushort Id() => (ushort)random.Next(1, 65_536);

    private byte[] Bytes(int maximum)
    {
        var bytes = new byte[random.Next(maximum + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        const string Alphabet = "abcXYZ059 _-äß€漢é";
        var text = new StringBuilder();
        for (var i = random.Next(1, 30); i > 0; i--)
        {
            text.Append(Alphabet[random.Next(Alphabet.Length)]);
        }

        return random.Next(10) == 0 ? text.Append("\U0001F493").ToString() : text.ToString();
    }

    private string Topic() => Coin() ? Text() : Text() + "/" + Text();
}
