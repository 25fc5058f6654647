using System.Buffers;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.Fuzz.Targets;

/// <summary>
/// A connection's bytes through the packet decoder, whole and cut into segments: both must come to the same packets. What was taken is written again
/// and must be taken again.
/// </summary>
internal sealed class MqttPacketTarget : FuzzTarget
{
    private readonly bool _fromClient;
    private readonly MqttProtocolVersion _version;
    private readonly ArrayBufferWriter<byte> _again = new(4096);

    public MqttPacketTarget(bool fromClient, MqttProtocolVersion version)
    {
        _fromClient = fromClient;
        _version = version;
        Corpus = [.. Packets().Select(Encode), .. Publishes()];
        Corpus = [.. Corpus, [.. Corpus.SelectMany(p => p).Take(2048)]];
    }

    public override string Name => $"mqtt-{(_fromClient ? "client" : "server")}-{(_version == MqttProtocolVersion.V500 ? "5" : "311")}";

    public override IReadOnlyList<byte[]> Corpus { get; }

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        var startsOpen = dice.OneIn(2); // half of the connections have had their CONNECT
        var whole = Read(new ReadOnlySequence<byte>(input), startsOpen);
        var cut = Read(Cut(input, ref dice), startsOpen);
        if (whole != cut)
        {
            throw new FindingException($"in one piece {whole}, in segments {cut}");
        }

        return whole.Packets > 0;
    }

    private (int Packets, MqttDecodeStatus Last, byte Reason) Read(ReadOnlySequence<byte> input, bool isOpen)
    {
        var decoder = new MqttPacketDecoder(_fromClient, Mutator.MaximumLength) { Version = !_fromClient || isOpen ? _version : MqttProtocolVersion.Unknown };
        for (var packets = 0; ; packets++)
        {
            var status = decoder.TryDecode(ref input, out var packet);
            if (status != MqttDecodeStatus.Packet)
            {
                return (packets, status, decoder.FailureReason);
            }

            WriteAgain(packet!, decoder.Version);
        }
    }

    private void WriteAgain(MqttPacket packet, MqttProtocolVersion version)
    {
        _again.ResetWrittenCount();
        if (packet is MqttPublishPacket publish)
        {
            var header = new MqttPublishHeader
            {
                Topic = publish.Topic,
                QualityOfServiceLevel = publish.QualityOfServiceLevel,
                Retain = publish.Retain,
                Dup = publish.Dup,
                PacketIdentifier = publish.PacketIdentifier,
                Properties = publish.Properties,
            };
            MqttPacketEncoder.WritePublish(_again, version, header, new ReadOnlySequence<byte>(publish.Payload));
        }
        else
        {
            MqttPacketEncoder.Write(_again, packet, version);
        }

        var written = new ReadOnlySequence<byte>(_again.WrittenMemory);
        var decoder = new MqttPacketDecoder(_fromClient, MqttPacketDecoder.LargestPacketSize)
        {
            Version = packet is MqttConnectPacket ? MqttProtocolVersion.Unknown : version,
        };
        if (decoder.TryDecode(ref written, out var second) != MqttDecodeStatus.Packet || second!.Type != packet.Type || !written.IsEmpty)
        {
            throw new FindingException($"{packet.Type} that was taken is not taken when written again: {decoder.FailureText} {Convert.ToHexString(_again.WrittenSpan)}");
        }
    }

    private static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        if (input.Length < 2)
        {
            return new ReadOnlySequence<byte>(input);
        }

        var first = 1 + dice.Next(Math.Min(input.Length - 1, 8));
        var head = new Segment(input[..first], null);
        var last = head;
        for (var at = first; at < input.Length;)
        {
            var count = Math.Min(1 + dice.Next(4096), input.Length - at);
            last = new Segment(input.Slice(at, count), last);
            at += count;
        }

        return new ReadOnlySequence<byte>(head, 0, last, last.Memory.Length);
    }

    private byte[] Encode(MqttPacket packet)
    {
        _again.ResetWrittenCount();
        MqttPacketEncoder.Write(_again, packet, _version);
        return _again.WrittenSpan.ToArray();
    }

    private IEnumerable<byte[]> Publishes()
    {
        foreach (var qos in Enum.GetValues<MqttQualityOfServiceLevel>())
        {
            _again.ResetWrittenCount();
            var header = new MqttPublishHeader
            {
                Topic = "ecg/v1/main/monitor-1/samples",
                QualityOfServiceLevel = qos,
                Retain = qos == MqttQualityOfServiceLevel.AtLeastOnce,
                PacketIdentifier = qos == MqttQualityOfServiceLevel.AtMostOnce ? (ushort)0 : (ushort)77,
                Properties = _version != MqttProtocolVersion.V500 ? null : new MqttProperties
                {
                    MessageExpiryInterval = 9,
                    ContentType = "application/protobuf",
                    ResponseTopic = "answers",
                    CorrelationData = new byte[] { 9, 8 },
                    PayloadFormatIndicator = 1,
                    TopicAlias = 3,
                    SubscriptionIdentifiers = _fromClient ? null : [1, 268_435_455],
                },
            };
            MqttPacketEncoder.WritePublish(_again, _version, header, new ReadOnlySequence<byte>(new byte[300]));
            yield return _again.WrittenSpan.ToArray();
        }
    }

    private IEnumerable<MqttPacket> Packets()
    {
        var isV5 = _version == MqttProtocolVersion.V500;
        var properties = isV5 ? new MqttProperties { ReasonString = "why", UserProperties = [new MqttUserProperty("unit", "mV"u8.ToArray())] } : null;
        if (_fromClient)
        {
            yield return new MqttConnectPacket
            {
                ProtocolVersion = _version,
                ClientId = "monitor-1",
                KeepAliveSeconds = 30,
                CleanSession = true,
                Username = "ward",
                Password = "secret"u8.ToArray(),
                Will = new MqttWill { Topic = "ward/1/state", Payload = "gone"u8.ToArray(), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce },
                Properties = isV5 ? new MqttProperties { SessionExpiryInterval = 60, ReceiveMaximum = 20, TopicAliasMaximum = 5, MaximumPacketSize = 9000 } : null,
            };
            yield return new MqttSubscribePacket { PacketIdentifier = 7, TopicFilters = { new MqttTopicFilter { Topic = "ecg/v1/+/+/alarms" }, new MqttTopicFilter { Topic = "$share/g/#" } } };
            yield return new MqttUnsubscribePacket { PacketIdentifier = 8, TopicFilters = { "ecg/#", "a/b" } };
            yield return MqttPingPacket.Request;
        }
        else
        {
            yield return new MqttConnAckPacket
            {
                IsSessionPresent = true,
                Properties = isV5 ? new MqttProperties { AssignedClientIdentifier = "auto-1", ServerKeepAlive = 60, MaximumQoS = 1, RetainAvailable = true } : null,
            };
            yield return new MqttSubAckPacket(MqttPacketType.SubAck) { PacketIdentifier = 7, Codes = [0, 1, 0x80], Properties = properties };
            yield return new MqttSubAckPacket(MqttPacketType.UnsubAck) { PacketIdentifier = 8, Codes = isV5 ? [0, 0x11] : [] };
            yield return MqttPingPacket.Response;
        }

        foreach (var type in new[] { MqttPacketType.PubAck, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp })
        {
            yield return new MqttAckPacket(type) { PacketIdentifier = 300, ReasonCode = (byte)(isV5 && type is MqttPacketType.PubRel ? 0x92 : 0), Properties = properties };
        }

        if (_fromClient || isV5)
        {
            yield return new MqttDisconnectPacket { ReasonCode = isV5 ? (byte)0x04 : (byte)0, Properties = isV5 && _fromClient ? new MqttProperties { SessionExpiryInterval = 5 } : null };
        }

        if (isV5)
        {
            yield return new MqttAuthPacket { ReasonCode = 0x18, Properties = new MqttProperties { AuthenticationMethod = "SCRAM-SHA-256", AuthenticationData = new byte[] { 1, 2, 3 } } };
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
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
