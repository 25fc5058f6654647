using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Fuzz.Targets;

/// <summary>Well-formed chunks, small so that most changes fall on what is decoded.</summary>
internal static class ChunkSamples
{
    public static IReadOnlyList<byte[]> Create() => [.. Chunks().Select(chunk => chunk.ToByteArray())];

    public static IEnumerable<SampleChunk> Chunks()
    {
        foreach (var leads in new Lead[][] { [Lead.Ecg], [Lead.I, Lead.Ii], [Lead.I, Lead.Ii, Lead.Iii, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6] })
        {
            var chunk = new SampleChunk
            {
                DeviceId = "dev-1",
                SessionId = 7,
                Sequence = 300,
                DeviceTimeUnixNs = 1_772_000_000_000_000_000,
                SampleRateHz = 500,
                SamplesPerLead = 10,
                GainMicrovoltsPerLsb = 2.5,
                BaselineLsb = -12,
                Samples = ByteString.CopyFrom(new byte[leads.Length * 20]),
                ElectrodesOff = 0,
                EndOfSession = leads.Length == 2,
            };
            chunk.Leads.Add(leads);
            yield return chunk;
        }
    }
}
