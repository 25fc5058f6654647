using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Formatter;

/// <summary>Turns the first byte and the body of one packet into its object. Part of <see cref="MqttPacketDecoder"/>, which states the rules.</summary>
internal sealed class MqttBodyDecoder
{
    private readonly MqttPublishPacket _publish = new();
    private readonly MqttAckPacket _pubAck = new(MqttPacketType.PubAck);
    private readonly MqttAckPacket _pubRec = new(MqttPacketType.PubRec);
    private readonly MqttAckPacket _pubRel = new(MqttPacketType.PubRel);
    private readonly MqttAckPacket _pubComp = new(MqttPacketType.PubComp);

    // A device publishes on one topic for hours: the string is made and checked once, then recognised by its bytes.
    private byte[] _lastTopicBytes = [];
    private string _lastTopic = string.Empty;

    public MqttProtocolVersion Version { get; set; }

    public byte FailureReason { get; private set; }

    public string FailureText { get; private set; } = string.Empty;

    private bool IsV5 => Version == MqttProtocolVersion.V500;

    public MqttPacket? Decode(byte first, ReadOnlySpan<byte> body)
    {
        var type = (MqttPacketType)(first >> 4);
        var reader = new MqttBodyReader(body);
        var expectedFlags = type is MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe ? 2 : 0;
        if ((first & 0x0F) != expectedFlags)
        {
            reader.Malformed($"The flags of {type} are reserved and must be {expectedFlags}.");
            return Finish(ref reader, null);
        }

        MqttPacket? packet = type switch
        {
            MqttPacketType.Connect => ReadConnect(ref reader),
            MqttPacketType.ConnAck => ReadConnAck(ref reader),
            MqttPacketType.PubAck => ReadAck(ref reader, _pubAck),
            MqttPacketType.PubRec => ReadAck(ref reader, _pubRec),
            MqttPacketType.PubRel => ReadAck(ref reader, _pubRel),
            MqttPacketType.PubComp => ReadAck(ref reader, _pubComp),
            MqttPacketType.Subscribe => ReadSubscribe(ref reader),
            MqttPacketType.SubAck or MqttPacketType.UnsubAck => ReadSubAck(ref reader, type),
            MqttPacketType.Unsubscribe => ReadUnsubscribe(ref reader),
            MqttPacketType.PingReq => MqttPingPacket.Request,
            MqttPacketType.PingResp => MqttPingPacket.Response,
            MqttPacketType.Disconnect => ReadDisconnect(ref reader),
            MqttPacketType.Auth => ReadAuth(ref reader),
            _ => null,
        };
        return Finish(ref reader, packet);
    }

    /// <summary>The payload of the result is a slice of <paramref name="body"/>, which must not be used for anything else.</summary>
    public MqttPacket? DecodePublish(byte first, byte[] body)
    {
        var reader = new MqttBodyReader(body);
        var qos = (first >> 1) & 3;
        var dup = (first & 8) != 0;
        if (qos == 3)
        {
            reader.Malformed("QoS 3 does not exist.");
        }
        else if (dup && qos == 0)
        {
            reader.Malformed("DUP is set on a QoS 0 message.");
        }

        var topic = ReadTopicName(ref reader);
        ushort id = 0;
        if (qos > 0)
        {
            id = ReadIdentifier(ref reader);
        }

        var properties = IsV5 ? MqttPropertyReader.Read(ref reader, MqttPropertyRules.For(MqttPacketType.Publish)) : null;
        if (topic.Length == 0 && properties?.TopicAlias is null)
        {
            reader.Fail(0x82, "A PUBLISH has neither a topic nor a topic alias.");
        }

        _publish.Dup = dup;
        _publish.QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos;
        _publish.Retain = (first & 1) != 0;
        _publish.PacketIdentifier = id;
        _publish.Topic = topic;
        _publish.Properties = properties;
        _publish.Payload = reader.Failed ? default : body.AsMemory(reader.Position);
        reader.ReadSpan(reader.Remaining);
        return Finish(ref reader, _publish);
    }

    private MqttPacket? Finish(ref MqttBodyReader reader, MqttPacket? packet)
    {
        if (!reader.Failed && reader.Remaining > 0)
        {
            reader.Malformed("Bytes follow the last field of the packet.");
        }

        if (!reader.Failed)
        {
            return packet;
        }

        FailureReason = reader.FailureReason;
        FailureText = reader.FailureText!;
        return null;
    }

    private string ReadTopicName(ref MqttBodyReader reader)
    {
        var start = reader.Position;
        var raw = reader.ReadBinary();
        if (reader.Failed || raw.IsEmpty)
        {
            return string.Empty;
        }

        if (raw.SequenceEqual(_lastTopicBytes))
        {
            return _lastTopic;
        }

        if (raw.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(raw))
        {
            reader.Malformed("The topic is not well-formed UTF-8 or holds U+0000.");
            return string.Empty;
        }

        if (!MqttTopicRules.IsValidName(raw))
        {
            reader.Fail(0x90, "A topic name holds a wildcard.");
            return string.Empty;
        }

        _lastTopicBytes = raw.ToArray();
        _lastTopic = Encoding.UTF8.GetString(raw);
        return _lastTopic;
    }

    private static ushort ReadIdentifier(ref MqttBodyReader reader)
    {
        var id = reader.ReadUInt16();
        if (id == 0)
        {
            reader.Fail(0x82, "A packet identifier must not be 0.");
        }

        return id;
    }

    private MqttProperties? ReadProperties(ref MqttBodyReader reader, MqttPacketType type) =>
        IsV5 ? MqttPropertyReader.Read(ref reader, MqttPropertyRules.For(type)) : null;

    private static byte ReadReason(ref MqttBodyReader reader, MqttPacketType type)
    {
        var code = reader.ReadByte();
        if (!reader.Failed && !MqttReasonCodeRules.IsAllowed(type, code))
        {
            reader.Fail(0x82, $"Reason code 0x{code:X2} does not belong in {type}.");
        }

        return code;
    }

    private MqttConnectPacket? ReadConnect(ref MqttBodyReader reader)
    {
        var packet = MqttConnectDecoder.Read(ref reader);
        if (packet is not null)
        {
            Version = packet.ProtocolVersion;
        }

        return packet;
    }

    private MqttConnAckPacket ReadConnAck(ref MqttBodyReader reader)
    {
        var flags = reader.ReadByte();
        if (flags > 1)
        {
            reader.Malformed("Reserved flags of CONNACK are set.");
        }

        var packet = new MqttConnAckPacket { IsSessionPresent = (flags & 1) != 0 };
        if (IsV5)
        {
            packet.Code = ReadReason(ref reader, MqttPacketType.ConnAck);
            packet.Properties = ReadProperties(ref reader, MqttPacketType.ConnAck);
        }
        else
        {
            packet.Code = reader.ReadByte();
            if (packet.Code > 5)
            {
                reader.Malformed("The return code of CONNACK is reserved.");
            }
        }

        if (packet.IsSessionPresent && packet.Code != 0)
        {
            reader.Fail(0x82, "A refused connection has no session.");
        }

        return packet;
    }

    private MqttAckPacket ReadAck(ref MqttBodyReader reader, MqttAckPacket packet)
    {
        packet.PacketIdentifier = ReadIdentifier(ref reader);
        packet.ReasonCode = IsV5 && reader.Remaining > 0 ? ReadReason(ref reader, packet.Type) : (byte)0;
        packet.Properties = IsV5 && reader.Remaining > 0 ? ReadProperties(ref reader, packet.Type) : null;
        return packet;
    }

    private MqttSubscribePacket ReadSubscribe(ref MqttBodyReader reader)
    {
        var packet = new MqttSubscribePacket { PacketIdentifier = ReadIdentifier(ref reader), Properties = ReadProperties(ref reader, MqttPacketType.Subscribe) };
        while (!reader.Failed && reader.Remaining > 0)
        {
            var topic = reader.ReadString();
            var options = reader.ReadByte();
            var handling = (options >> 4) & 3;
            if ((options & 3) == 3 || handling == 3 || (options & (IsV5 ? 0xC0 : 0xFC)) != 0)
            {
                reader.Malformed("Reserved subscription options are set.");
            }
            else if (topic.Length == 0)
            {
                reader.Malformed("A topic filter is empty.");
            }
            else if ((options & 4) != 0 && MqttTopicRules.IsShared(topic))
            {
                reader.Fail(0x82, "No Local is set on a shared subscription.");
            }

            packet.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = topic,
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)(options & 3),
                NoLocal = (options & 4) != 0,
                RetainAsPublished = (options & 8) != 0,
                RetainHandling = (MqttRetainHandling)handling,
            });
        }

        if (packet.TopicFilters.Count == 0)
        {
            reader.Fail(0x82, "SUBSCRIBE has no topic filter.");
        }

        return packet;
    }

    private MqttSubAckPacket ReadSubAck(ref MqttBodyReader reader, MqttPacketType type)
    {
        var packet = new MqttSubAckPacket(type) { PacketIdentifier = ReadIdentifier(ref reader), Properties = ReadProperties(ref reader, type) };
        if (type == MqttPacketType.UnsubAck && !IsV5)
        {
            return packet;
        }

        packet.Codes = reader.ReadSpan(reader.Remaining).ToArray();
        foreach (var code in packet.Codes)
        {
            if (IsV5 ? !MqttReasonCodeRules.IsAllowed(type, code) : code is > 2 and not 0x80)
            {
                reader.Fail(0x82, $"Code 0x{code:X2} does not belong in {type}.");
            }
        }

        if (packet.Codes.Length == 0)
        {
            reader.Fail(0x82, $"{type} has no code.");
        }

        return packet;
    }

    private MqttUnsubscribePacket ReadUnsubscribe(ref MqttBodyReader reader)
    {
        var packet = new MqttUnsubscribePacket { PacketIdentifier = ReadIdentifier(ref reader), Properties = ReadProperties(ref reader, MqttPacketType.Unsubscribe) };
        while (!reader.Failed && reader.Remaining > 0)
        {
            packet.TopicFilters.Add(reader.ReadString());
            if (packet.TopicFilters[^1].Length == 0)
            {
                reader.Malformed("A topic filter is empty.");
            }
        }

        if (packet.TopicFilters.Count == 0)
        {
            reader.Fail(0x82, "UNSUBSCRIBE has no topic filter.");
        }

        return packet;
    }

    private MqttDisconnectPacket ReadDisconnect(ref MqttBodyReader reader) => new()
    {
        ReasonCode = IsV5 && reader.Remaining > 0 ? ReadReason(ref reader, MqttPacketType.Disconnect) : (byte)0,
        Properties = IsV5 && reader.Remaining > 0 ? ReadProperties(ref reader, MqttPacketType.Disconnect) : null,
    };

    private MqttAuthPacket ReadAuth(ref MqttBodyReader reader)
    {
        var packet = new MqttAuthPacket
        {
            ReasonCode = reader.Remaining > 0 ? ReadReason(ref reader, MqttPacketType.Auth) : (byte)0,
            Properties = reader.Remaining > 0 ? ReadProperties(ref reader, MqttPacketType.Auth) : null,
        };
        if (packet.ReasonCode != 0 && packet.Properties?.AuthenticationMethod is null)
        {
            reader.Fail(0x82, "AUTH without an authentication method.");
        }

        return packet;
    }
}
