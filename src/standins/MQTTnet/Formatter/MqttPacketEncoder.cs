using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Formatter;

/// <summary>
/// Writes packets of one protocol version. The small fields of a packet go through a buffer of the calling thread; a payload is copied
/// once, straight into the output. Throws <see cref="Exceptions.MqttProtocolViolationException"/> before it has written anything
/// where a field does not fit the protocol.
/// </summary>
internal static class MqttPacketEncoder
{
    [ThreadStatic]
    private static MqttBodyWriter? _threadWriter;

    private static MqttBodyWriter ThreadWriter
    {
        get
        {
            var writer = _threadWriter ??= new MqttBodyWriter();
            writer.Reset();
            return writer;
        }
    }

    /// <summary>Writes any packet but a PUBLISH. Returns the size in bytes.</summary>
    public static int Write(IBufferWriter<byte> output, MqttPacket packet, MqttProtocolVersion version)
    {
        var isV5 = version == MqttProtocolVersion.V500;
        var writer = ThreadWriter;
        byte flags = 0;
        switch (packet)
        {
            case MqttConnectPacket connect:
                WriteConnect(writer, connect);
                break;
            case MqttConnAckPacket connAck:
                writer.WriteByte(connAck.IsSessionPresent ? (byte)1 : (byte)0);
                writer.WriteByte(connAck.Code);
                WriteProperties(writer, packet, isV5);
                break;
            case MqttAckPacket ack:
                return WriteAck(output, version, ack.Type, ack.PacketIdentifier, ack.ReasonCode, ack.Properties);
            case MqttSubscribePacket subscribe:
                flags = 2;
                writer.WriteUInt16(subscribe.PacketIdentifier);
                WriteProperties(writer, packet, isV5);
                foreach (var filter in subscribe.TopicFilters)
                {
                    writer.WriteString(filter.Topic);
                    writer.WriteByte(SubscriptionOptions(filter, isV5));
                }

                break;
            case MqttUnsubscribePacket unsubscribe:
                flags = 2;
                writer.WriteUInt16(unsubscribe.PacketIdentifier);
                WriteProperties(writer, packet, isV5);
                foreach (var filter in unsubscribe.TopicFilters)
                {
                    writer.WriteString(filter);
                }

                break;
            case MqttSubAckPacket subAck:
                writer.WriteUInt16(subAck.PacketIdentifier);
                WriteProperties(writer, packet, isV5);
                writer.WriteBytes(subAck.Type == MqttPacketType.UnsubAck && !isV5 ? [] : subAck.Codes);
                break;
            case MqttPingPacket:
                break;
            case MqttDisconnectPacket disconnect:
                WriteReason(writer, disconnect.ReasonCode, packet, isV5);
                break;
            case MqttAuthPacket auth:
                WriteReason(writer, auth.ReasonCode, packet, isV5);
                break;
            default:
                throw new NotSupportedException($"{packet.Type} is written by a method of its own.");
        }

        return Emit(output, (byte)(((int)packet.Type << 4) | flags), writer.Written, default);
    }

    public static int WriteAck(IBufferWriter<byte> output, MqttProtocolVersion version, MqttPacketType type, ushort id, byte reason, MqttProperties? properties)
    {
        var first = (byte)(((int)type << 4) | (type == MqttPacketType.PubRel ? 2 : 0));
        if (version != MqttProtocolVersion.V500 || (reason == 0 && properties is null))
        {
            var span = output.GetSpan(4);
            span[0] = first;
            span[1] = 2;
            span[2] = (byte)(id >> 8);
            span[3] = (byte)id;
            output.Advance(4);
            return 4;
        }

        var writer = ThreadWriter;
        writer.WriteUInt16(id);
        writer.WriteByte(reason);
        if (properties is not null)
        {
            MqttPropertyWriter.Write(writer, properties);
        }

        return Emit(output, first, writer.Written, default);
    }

    public static int WritePublish(IBufferWriter<byte> output, MqttProtocolVersion version, in MqttPublishHeader header, in ReadOnlySequence<byte> payload)
    {
        var writer = ThreadWriter;
        writer.WriteString(header.Topic);
        if (header.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce)
        {
            writer.WriteUInt16(header.PacketIdentifier);
        }

        if (version == MqttProtocolVersion.V500)
        {
            MqttPropertyWriter.Write(writer, header.Properties);
        }

        return Emit(output, header.FirstByte, writer.Written, payload);
    }

    /// <summary>Bytes that <see cref="WritePublish"/> would write, for a peer's maximum packet size.</summary>
    public static long SizeOfPublish(MqttProtocolVersion version, in MqttPublishHeader header, in ReadOnlySequence<byte> payload)
    {
        var writer = ThreadWriter;
        writer.WriteString(header.Topic);
        if (version == MqttProtocolVersion.V500)
        {
            MqttPropertyWriter.Write(writer, header.Properties);
        }

        var body = writer.Length + payload.Length + (header.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? 0 : 2);
        return 1 + MqttBodyWriter.SizeOfVariableInteger((uint)Math.Min(body, 268_435_455)) + body;
    }

    /// <summary>Bytes that <see cref="Write"/> would write. Writes them to know: for packets that are rare, towards a peer that names a limit.</summary>
    public static int SizeOf(MqttPacket packet, MqttProtocolVersion version) => Write(new ArrayBufferWriter<byte>(), packet, version);

    private static int Emit(IBufferWriter<byte> output, byte first, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload)
    {
        var bodyLength = head.Length + payload.Length;
        if (bodyLength > 268_435_455)
        {
            throw new Exceptions.MqttProtocolViolationException($"A packet body of {bodyLength} bytes exceeds the protocol's limit of 268,435,455.");
        }

        var lengthSize = MqttBodyWriter.SizeOfVariableInteger((uint)bodyLength);
        var span = output.GetSpan(1 + lengthSize);
        span[0] = first;
        MqttBodyWriter.WriteVariableInteger(span[1..], (uint)bodyLength);
        output.Advance(1 + lengthSize);
        output.Write(head);
        foreach (var segment in payload)
        {
            output.Write(segment.Span);
        }

        return 1 + lengthSize + (int)bodyLength;
    }

    private static byte SubscriptionOptions(MqttTopicFilter filter, bool isV5)
    {
        var options = (int)filter.QualityOfServiceLevel;
        if (isV5)
        {
            options |= (filter.NoLocal ? 4 : 0) | (filter.RetainAsPublished ? 8 : 0) | ((int)filter.RetainHandling << 4);
        }

        return (byte)options;
    }

    private static void WriteProperties(MqttBodyWriter writer, MqttPacket packet, bool isV5)
    {
        if (isV5)
        {
            MqttPropertyWriter.Write(writer, packet.Properties);
        }
    }

    private static void WriteReason(MqttBodyWriter writer, byte reason, MqttPacket packet, bool isV5)
    {
        if (!isV5 || (reason == 0 && packet.Properties is null))
        {
            return;
        }

        writer.WriteByte(reason);
        if (packet.Properties is not null)
        {
            MqttPropertyWriter.Write(writer, packet.Properties);
        }
    }

    private static void WriteConnect(MqttBodyWriter writer, MqttConnectPacket packet)
    {
        var isV5 = packet.ProtocolVersion == MqttProtocolVersion.V500;
        writer.WriteString(packet.ProtocolVersion == MqttProtocolVersion.V310 ? "MQIsdp" : "MQTT");
        writer.WriteByte((byte)((int)packet.ProtocolVersion | (packet.TryPrivate ? 0x80 : 0)));
        var flags = (packet.CleanSession ? 2 : 0) | (packet.Username is null ? 0 : 0x80) | (packet.Password is null ? 0 : 0x40);
        if (packet.Will is { } will)
        {
            flags |= 4 | ((int)will.QualityOfServiceLevel << 3) | (will.Retain ? 0x20 : 0);
        }

        writer.WriteByte((byte)flags);
        writer.WriteUInt16(packet.KeepAliveSeconds);
        WriteProperties(writer, packet, isV5);
        writer.WriteString(packet.ClientId);
        if (packet.Will is not null)
        {
            if (isV5)
            {
                MqttPropertyWriter.Write(writer, packet.Will.Properties);
            }

            writer.WriteString(packet.Will.Topic);
            writer.WriteBinary(packet.Will.Payload);
        }

        if (packet.Username is not null)
        {
            writer.WriteString(packet.Username);
        }

        if (packet.Password is not null)
        {
            writer.WriteBinary(packet.Password);
        }
    }
}
