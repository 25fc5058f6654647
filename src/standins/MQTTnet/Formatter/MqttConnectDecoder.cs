using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Formatter;

internal static class MqttConnectDecoder
{
    public static MqttConnectPacket? Read(ref MqttBodyReader reader)
    {
        var name = reader.ReadUtf8();
        var isMqtt = name.SequenceEqual("MQTT"u8);
        var isOldName = name.SequenceEqual("MQIsdp"u8);
        var level = reader.ReadByte();
        if (reader.Failed)
        {
            return null;
        }

        var version = (level & 0x7F) switch
        {
            3 when isOldName => MqttProtocolVersion.V310,
            4 when isMqtt => MqttProtocolVersion.V311,
            5 when isMqtt => MqttProtocolVersion.V500,
            _ => MqttProtocolVersion.Unknown,
        };
        if (!isMqtt && !isOldName)
        {
            // No MQTT at all, so no answer in any version's form would be understood.
            reader.Fail(0x81, "The protocol name of CONNECT is not MQTT's.");
            return null;
        }

        if (version == MqttProtocolVersion.Unknown)
        {
            reader.Fail(0x84, "The protocol level of CONNECT is not supported.");
            return null;
        }

        var isV5 = version == MqttProtocolVersion.V500;
        var flags = reader.ReadByte();
        var packet = new MqttConnectPacket
        {
            ProtocolVersion = version,
            TryPrivate = (level & 0x80) != 0,
            CleanSession = (flags & 2) != 0,
            KeepAliveSeconds = reader.ReadUInt16(),
        };
        var hasWill = (flags & 4) != 0;
        var willQos = (flags >> 3) & 3;
        if ((flags & 1) != 0 || willQos == 3 || (!hasWill && (flags & 0x38) != 0))
        {
            reader.Malformed("The flags of CONNECT contradict each other or are reserved.");
        }
        else if (!isV5 && (flags & 0xC0) == 0x40)
        {
            reader.Malformed("CONNECT has a password and no user name.");
        }

        packet.Properties = isV5 ? MqttPropertyReader.Read(ref reader, MqttPropertyRules.For(MqttPacketType.Connect)) : null;
        packet.ClientId = reader.ReadString();
        if (hasWill)
        {
            packet.Will = ReadWill(ref reader, isV5);
            packet.Will.QualityOfServiceLevel = (MqttQualityOfServiceLevel)willQos;
            packet.Will.Retain = (flags & 0x20) != 0;
        }

        packet.Username = (flags & 0x80) != 0 ? reader.ReadString() : null;
        packet.Password = (flags & 0x40) != 0 ? reader.ReadBinary().ToArray() : null;
        return packet;
    }

    private static MqttWill ReadWill(ref MqttBodyReader reader, bool isV5)
    {
        var will = new MqttWill
        {
            Properties = isV5 ? MqttPropertyReader.Read(ref reader, MqttPropertyRules.Will) : null,
            Topic = reader.ReadString(),
            Payload = reader.ReadBinary().ToArray(),
        };
        if (!reader.Failed && !MqttTopicRules.IsValidName(will.Topic.AsSpan()))
        {
            reader.Fail(0x90, "The will topic is empty or holds a wildcard.");
        }

        return will;
    }
}
