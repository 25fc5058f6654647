using System.Buffers;
using MQTTnet.Packets;

namespace MQTTnet.Formatter;

/// <summary>
/// Cuts one connection's byte stream into packets. One reader only. The only copy it makes of a PUBLISH is the one that gives the
/// payload a life of its own; PUBLISH and acknowledgement packets are instances that the next call reuses. Never throws on what a peer
/// sends: <see cref="MqttDecodeStatus.Failed"/> with <see cref="FailureReason"/> (an MQTT 5.0 reason code) and <see cref="FailureText"/>.
/// </summary>
internal sealed class MqttPacketDecoder(bool peerIsClient, uint maximumPacketSize)
{
    /// <summary>Largest value that the remaining length can hold.</summary>
    public const uint LargestPacketSize = 268_435_455 + 5;

    private readonly MqttBodyDecoder _bodies = new();

    /// <summary>Unknown until CONNECT has been read (as a server) or sent (as a client).</summary>
    public MqttProtocolVersion Version
    {
        get => _bodies.Version;
        set => _bodies.Version = value;
    }

    /// <summary>Bytes of a whole packet, fixed header included.</summary>
    public uint MaximumPacketSize { get; set; } = maximumPacketSize;

    public byte FailureReason { get; private set; }

    public string FailureText { get; private set; } = string.Empty;

    /// <summary>Reads one packet off the front of <paramref name="input"/> and moves its start past it.</summary>
    public MqttDecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out MqttPacket? packet)
    {
        packet = null;
        if (!TryReadHeader(input, out var first, out var bodyLength, out var headerLength))
        {
            return FailureReason == 0 ? MqttDecodeStatus.NeedMoreData : MqttDecodeStatus.Failed;
        }

        if (!IsExpected((MqttPacketType)(first >> 4), out var reason, out var text))
        {
            return Fail(reason, text);
        }

        if (headerLength + bodyLength > MaximumPacketSize)
        {
            return Fail(0x95, $"A packet of {headerLength + bodyLength} bytes exceeds the limit of {MaximumPacketSize}.");
        }

        if (input.Length < headerLength + bodyLength)
        {
            return MqttDecodeStatus.NeedMoreData;
        }

        var body = input.Slice(headerLength, bodyLength);
        packet = Decode(first, body, (int)bodyLength);
        input = input.Slice(body.End);
        return packet is null ? Fail(_bodies.FailureReason, _bodies.FailureText) : MqttDecodeStatus.Packet;
    }

    private MqttPacket? Decode(byte first, in ReadOnlySequence<byte> body, int length)
    {
        if (first >> 4 == (int)MqttPacketType.Publish)
        {
            var owned = GC.AllocateUninitializedArray<byte>(length);
            body.CopyTo(owned);
            return _bodies.DecodePublish(first, owned);
        }

        if (body.IsSingleSegment)
        {
            return _bodies.Decode(first, body.FirstSpan);
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return _bodies.Decode(first, rented.AsSpan(0, length));
        }
        finally
        {
            // It may have held a password.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private bool TryReadHeader(in ReadOnlySequence<byte> input, out byte first, out uint bodyLength, out uint headerLength)
    {
        Span<byte> scratch = stackalloc byte[5];
        scoped var header = input.FirstSpan;
        if (header.Length < 5 && !input.IsSingleSegment)
        {
            var count = (int)Math.Min(5, input.Length);
            input.Slice(0, count).CopyTo(scratch);
            header = scratch[..count];
        }

        first = header.IsEmpty ? (byte)0 : header[0];
        bodyLength = headerLength = 0;
        for (var i = 1; i < header.Length && i < 5; i++)
        {
            bodyLength |= (uint)(header[i] & 0x7F) << (7 * (i - 1));
            if ((header[i] & 0x80) != 0)
            {
                continue;
            }

            if (header[i] == 0 && i > 1 && Version == MqttProtocolVersion.V500)
            {
                Fail(0x81, "The remaining length is longer than it needs to be.");
                return false;
            }

            headerLength = (uint)i + 1;
            return true;
        }

        if (header.Length >= 5)
        {
            Fail(0x81, "The remaining length has more than four bytes.");
        }

        return false;
    }

    private bool IsExpected(MqttPacketType type, out byte reason, out string text)
    {
        var fromClient = type is MqttPacketType.Connect or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe or MqttPacketType.PingReq;
        var fromServer = type is MqttPacketType.ConnAck or MqttPacketType.SubAck or MqttPacketType.UnsubAck or MqttPacketType.PingResp
            || (type == MqttPacketType.Disconnect && Version != MqttProtocolVersion.V500 && !peerIsClient);
        reason = 0x82;
        text = string.Empty;
        if (type == 0 || (type == MqttPacketType.Auth && Version != MqttProtocolVersion.V500))
        {
            reason = 0x81;
            text = "The packet type is reserved.";
        }
        else if (peerIsClient && Version == MqttProtocolVersion.Unknown && type != MqttPacketType.Connect)
        {
            text = "The first packet must be CONNECT.";
        }
        else if (peerIsClient && Version != MqttProtocolVersion.Unknown && type == MqttPacketType.Connect)
        {
            text = "A second CONNECT on one connection.";
        }
        else if (peerIsClient ? fromServer : fromClient)
        {
            text = $"{type} is not sent in this direction.";
        }
        else if (!peerIsClient && type == MqttPacketType.Disconnect && Version != MqttProtocolVersion.V500)
        {
            text = "A server below MQTT 5.0 does not send DISCONNECT.";
        }

        return text.Length == 0;
    }

    private MqttDecodeStatus Fail(byte reason, string text)
    {
        FailureReason = reason;
        FailureText = text;
        return MqttDecodeStatus.Failed;
    }
}
