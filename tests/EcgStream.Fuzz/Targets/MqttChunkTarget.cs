using System.Text;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Fuzz.Targets;

/// <summary>A payload on a samples topic: the decoder that is written by hand. What it takes, protobuf's own code must read as the same.</summary>
internal sealed class MqttChunkTarget : FuzzTarget
{
    private readonly DeviceIdTable _ids = new(256);

    public override string Name => "mqtt-chunk";

    public override IReadOnlyList<byte[]> Corpus { get; } = ChunkSamples.Create();

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        if (!ChunkDecoder.TryDecode(input.Span, _ids, out var header, out var refusal))
        {
            if (refusal.Message.Length is 0 or > 1024)
            {
                throw new FindingException($"a refusal of {refusal.Message.Length} characters: {refusal.Reason}");
            }

            return false;
        }

        var end = header.SamplesOffset + header.SamplesLength;
        if (header.SamplesOffset < 0 || end > input.Length || header.SamplesLength != header.Leads.Count * header.SamplesPerLead * 2)
        {
            throw new FindingException($"samples at {header.SamplesOffset}, {header.SamplesLength} bytes, in {input.Length}");
        }

        SampleChunk chunk;
        try
        {
            chunk = SampleChunk.Parser.ParseFrom(input.Span);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new FindingException($"taken, but protobuf does not read it: {fault.Message}");
        }

        if (chunk.DeviceId != header.DeviceId || chunk.SessionId != header.SessionId || chunk.Sequence != header.Sequence
            || chunk.SamplesPerLead != (uint)header.SamplesPerLead || !chunk.Samples.Span.SequenceEqual(input.Span[header.SamplesOffset..end]))
        {
            throw new FindingException($"taken as {header.DeviceId} {header.Sequence}, protobuf reads {chunk.DeviceId} {chunk.Sequence}");
        }

        var topic = $"ecg/v1/main/{Encoding.UTF8.GetString(input.Span[..Math.Min(input.Length, 40)])}/samples";
        if (MqttTopics.TryParseSamples(topic, out var site, out var device) && (site.Length == 0 || device.Length == 0 || device.Span.Contains('/')))
        {
            throw new FindingException($"topic '{topic}' gives site '{site}', device '{device}'");
        }

        return true;
    }
}
