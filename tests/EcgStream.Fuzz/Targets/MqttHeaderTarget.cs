using System.Buffers;
using EcgStream.Daemon.Ingest.Mqtt;
using MQTTnet.Exceptions;

namespace EcgStream.Fuzz.Targets;

/// <summary>The length of a packet, read from bytes that lie in pieces, against the same read from one piece by the formula of the standard.</summary>
internal sealed class MqttHeaderTarget : FuzzTarget
{
    public override string Name => "mqtt-header";

    public override IReadOnlyList<byte[]> Corpus { get; } = [[0x30, 2, 0, 0], [0x30, 0x80, 0x80, 0x80, 0x7F], [0x32, 0xFF, 0x7F], [0x32, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0xC0, 0], []];

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        var expected = Naive(input.Span);
        var (first, second) = (new Piece(input[..(input.Length / 3)]), default(Piece));
        second = first.Append(input[(input.Length / 3)..]);
        int? length;
        try
        {
            length = MqttFixedHeader.PacketLength(new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length));
        }
        catch (MqttProtocolViolationException)
        {
            length = -1;
        }

        return length == expected ? length > 0 : throw new FindingException($"length {length}, expected {expected}");
    }

    private static int? Naive(ReadOnlySpan<byte> bytes)
    {
        var (value, multiplier) = (0, 1);
        for (var i = 1; i < 5; i++)
        {
            if (i >= bytes.Length)
            {
                return null;
            }

            value += (bytes[i] & 127) * multiplier;
            multiplier *= 128;
            if ((bytes[i] & 128) == 0)
            {
                return value + i + 1;
            }
        }

        return -1;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
