using System.Buffers;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace EcgStream.StandIns.Mqtt.Tests.Codec;

public sealed class PacketCodecTests
{
    private const int Seed = 20_240_611;

    [Theory]
    [InlineData(true, MqttProtocolVersion.V311)]
    [InlineData(true, MqttProtocolVersion.V500)]
    [InlineData(false, MqttProtocolVersion.V311)]
    [InlineData(false, MqttProtocolVersion.V500)]
    public void Encode_RandomPackets_EqualsNaiveEncoder(bool fromClient, MqttProtocolVersion version)
    {
        var samples = new PacketSamples(new Random(Seed));
        for (var i = 0; i < 3_000; i++)
        {
            var packet = samples.Next(fromClient, version);
            Assert.True(NaiveEncoder.Encode(packet, version).AsSpan().SequenceEqual(Encode(packet, version)), $"seed {Seed}, packet {i} ({packet.Type})");
        }
    }

    [Theory]
    [InlineData(true, MqttProtocolVersion.V311)]
    [InlineData(true, MqttProtocolVersion.V500)]
    [InlineData(false, MqttProtocolVersion.V311)]
    [InlineData(false, MqttProtocolVersion.V500)]
    public void Decode_RandomPacketsInRandomSegments_RoundTrips(bool fromClient, MqttProtocolVersion version)
    {
        var random = new Random(Seed);
        var samples = new PacketSamples(random);
        for (var i = 0; i < 3_000; i++)
        {
            var packet = samples.Next(fromClient, version);
            var bytes = NaiveEncoder.Encode(packet, version);
            var input = Segment(bytes, random);
            var decoder = CreateDecoder(packet, fromClient, version);

            var status = decoder.TryDecode(ref input, out var decoded);

            Assert.True(status == MqttDecodeStatus.Packet, $"seed {Seed}, packet {i} ({packet.Type}): {decoder.FailureText}");
            Assert.True(input.IsEmpty);
            Assert.True(bytes.AsSpan().SequenceEqual(NaiveEncoder.Encode(decoded!, version)), $"seed {Seed}, packet {i} ({packet.Type})");
        }
    }

    [Theory]
    [InlineData(true, MqttProtocolVersion.V311)]
    [InlineData(true, MqttProtocolVersion.V500)]
    [InlineData(false, MqttProtocolVersion.V500)]
    public void Decode_EveryPrefix_NeedsMoreData(bool fromClient, MqttProtocolVersion version)
    {
        var samples = new PacketSamples(new Random(Seed));
        for (var i = 0; i < 300; i++)
        {
            var packet = samples.Next(fromClient, version);
            var bytes = NaiveEncoder.Encode(packet, version);
            for (var length = 0; length < Math.Min(bytes.Length, 600); length++)
            {
                var input = new ReadOnlySequence<byte>(bytes, 0, length);
                Assert.Equal(MqttDecodeStatus.NeedMoreData, CreateDecoder(packet, fromClient, version).TryDecode(ref input, out _));
            }
        }
    }

    [Theory]
    [InlineData(true, MqttProtocolVersion.V311)]
    [InlineData(true, MqttProtocolVersion.V500)]
    [InlineData(false, MqttProtocolVersion.V500)]
    public void Decode_EveryTruncatedBody_RefusedOrShorterPacket(bool fromClient, MqttProtocolVersion version)
    {
        var samples = new PacketSamples(new Random(Seed));
        for (var i = 0; i < 300; i++)
        {
            var packet = samples.Next(fromClient, version);
            var bytes = NaiveEncoder.Encode(packet, version);
            var headerLength = bytes.Length > 129 + 1 ? bytes.Length > 16_386 ? 4 : 3 : 2;
            for (var bodyLength = 0; bodyLength < Math.Min(bytes.Length - headerLength, 127); bodyLength++)
            {
                byte[] cut = [bytes[0], (byte)bodyLength, .. bytes.AsSpan(headerLength, bodyLength)];
                var input = new ReadOnlySequence<byte>(cut);
                var decoder = CreateDecoder(packet, fromClient, version);
                var status = decoder.TryDecode(ref input, out var decoded);

                // A cut may leave a valid packet (a shorter payload, fewer filters); then it must be exactly what stands there.
                if (status == MqttDecodeStatus.Packet)
                {
                    Assert.True(input.IsEmpty);
                    Assert.Equal(packet.Type, decoded!.Type);
                }
                else
                {
                    Assert.Equal(MqttDecodeStatus.Failed, status);
                    Assert.True(decoder.FailureReason >= 0x80);
                    Assert.NotEmpty(decoder.FailureText);
                }
            }
        }
    }

    [Fact]
    public void Decode_MutatedPackets_NeverThrows()
    {
        var random = new Random(Seed);
        var samples = new PacketSamples(random);
        var outcomes = new int[3];
        for (var i = 0; i < 60_000; i++)
        {
            var version = random.Next(2) == 0 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
            var fromClient = random.Next(2) == 0;
            var packet = samples.Next(fromClient, version);
            var bytes = NaiveEncoder.Encode(packet, version);
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 60))] = (byte)random.Next(256);
            }

            var input = Segment(bytes, random);
            var decoder = CreateDecoder(packet, fromClient, version);
            decoder.MaximumPacketSize = 64 * 1024;
            outcomes[(int)decoder.TryDecode(ref input, out _)]++;
        }

        Assert.All(outcomes, count => Assert.True(count > 100, $"seed {Seed}: one outcome was hardly reached"));
    }

    internal static byte[] Encode(MqttPacket packet, MqttProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        if (packet is MqttPublishPacket publish)
        {
            var header = new MqttPublishHeader
            {
                Topic = publish.Topic,
                Dup = publish.Dup,
                QualityOfServiceLevel = publish.QualityOfServiceLevel,
                Retain = publish.Retain,
                PacketIdentifier = publish.PacketIdentifier,
                Properties = publish.Properties,
            };
            var size = MqttPacketEncoder.WritePublish(output, version, header, new ReadOnlySequence<byte>(publish.Payload));
            Assert.Equal(size, MqttPacketEncoder.SizeOfPublish(version, header, new ReadOnlySequence<byte>(publish.Payload)));
            Assert.Equal(size, output.WrittenCount);
        }
        else
        {
            Assert.Equal(MqttPacketEncoder.Write(output, packet, version), output.WrittenCount);
        }

        return output.WrittenSpan.ToArray();
    }

    internal static ReadOnlySequence<byte> Segment(byte[] bytes, Random random)
    {
        if (random.Next(3) == 0 || bytes.Length < 2)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        var first = new Part(bytes.AsMemory(0, random.Next(1, Math.Min(bytes.Length, 8))), null);
        var last = first;
        for (var position = first.Memory.Length; position < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - position, random.Next(1, 4_000));
            last = new Part(bytes.AsMemory(position, length), last);
            position += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static MqttPacketDecoder CreateDecoder(MqttPacket packet, bool fromClient, MqttProtocolVersion version) => new(fromClient, MqttPacketDecoder.LargestPacketSize)
    {
        Version = packet is MqttConnectPacket ? MqttProtocolVersion.Unknown : version,
    };

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
