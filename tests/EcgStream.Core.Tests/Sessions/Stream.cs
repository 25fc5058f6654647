using System.Buffers.Binary;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Sessions;

/// <summary>A made-up recording that can be cut into chunks in any way.</summary>
internal sealed class Stream
{
    public const long Start = 1_700_000_000_000_000_000;
    public const double GainMicrovolts = 2.5;
    public const int Baseline = -7;

    public Stream(LeadList leads, double rate, int samples, int seed, double beatsPerMinute = 72)
    {
        Leads = leads;
        Rate = rate;
        Digital = new short[leads.Count][];
        var random = new Random(seed);
        for (var lane = 0; lane < leads.Count; lane++)
        {
            var scale = 0.6 + (0.1 * lane);
            Digital[lane] = new short[samples];
            for (var n = 0; n < samples; n++)
            {
                var millivolts = (scale * Wave(n / rate, beatsPerMinute)) + (0.3 * Math.Sin(0.9 * n / rate)) + 0.2 + (0.01 * random.NextDouble());
                Digital[lane][n] = (short)Math.Round((millivolts * 1000 / GainMicrovolts) + Baseline);
            }
        }
    }

    public LeadList Leads { get; }

    public double Rate { get; }

    public short[][] Digital { get; }

    public int Length => Digital[0].Length;

    public long TimeOf(int sample) => Start + (long)Math.Round(sample * (1e9 / Rate));

    public double[] Millivolts(Lead lead) => [.. Digital[Leads.IndexOf(lead)].Select(value => (value - Baseline) * GainMicrovolts / 1000)];

    public (ChunkHeader Header, byte[] Payload) Chunk(int first, int count, ulong sequence, uint electrodesOff = 0, bool last = false, ulong session = 7)
    {
        var payload = new byte[2 * Leads.Count * count];
        for (var lane = 0; lane < Leads.Count; lane++)
        {
            for (var n = 0; n < count; n++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(payload.AsSpan(2 * ((lane * count) + n)), Digital[lane][first + n]);
            }
        }

        return (new ChunkHeader
        {
            DeviceId = "bed-1",
            SessionId = session,
            Sequence = sequence,
            DeviceTimeUnixNs = TimeOf(first),
            SampleRateHz = Rate,
            Leads = Leads,
            SamplesPerLead = count,
            GainMicrovoltsPerLsb = GainMicrovolts,
            BaselineLsb = Baseline,
            ElectrodesOff = electrodesOff,
            EndOfSession = last,
            SamplesOffset = 0,
            SamplesLength = payload.Length,
        }, payload);
    }

    /// <summary>Cuts the whole recording into chunks of the lengths that a function gives.</summary>
    public List<(ChunkHeader Header, byte[] Payload)> Cut(Func<int> length, bool end = true)
    {
        var chunks = new List<(ChunkHeader, byte[])>();
        for (var first = 0; first < Length;)
        {
            var count = Math.Min(length(), Length - first);
            chunks.Add(Chunk(first, count, (ulong)chunks.Count + 100, last: end && first + count == Length));
            first += count;
        }

        return chunks;
    }

    // P, QRS and T as bells around the beat.
    private static double Wave(double seconds, double beatsPerMinute)
    {
        var period = 60 / beatsPerMinute;
        var phase = ((seconds % period) - (0.4 * period)) / period * Math.Min(1, period);
        return Bell(phase + 0.16, 0.025, 0.12) - Bell(phase + 0.025, 0.010, 0.12) + Bell(phase, 0.012, 1.2) - Bell(phase - 0.03, 0.012, 0.25) + Bell(phase - 0.28, 0.05, 0.3);
    }

    private static double Bell(double x, double width, double height) => height * Math.Exp(-x * x / (2 * width * width));
}
