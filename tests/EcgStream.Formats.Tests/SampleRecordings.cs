using System.Collections.Immutable;
using EcgStream.Core.Signals;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests;

/// <summary>Recordings of random samples: the formats must carry any, not only those that look like an ECG.</summary>
internal static class SampleRecordings
{
    public static RecordingInfo Info(string name, int leads, double sampleRateHz = 500) => new()
    {
        Name = name,
        SourcePath = name,
        SampleRateHz = sampleRateHz,
        Leads = [.. Enumerable.Range(1, leads).Select(i => (Lead)i)],
    };

    public static Recording Digital(Random random, string name, int leads, int samples, int bits = 16)
    {
        int limit = (1 << (bits - 1)) - 1;
        short[][] rows = new short[leads][];
        for (int lead = 0; lead < leads; lead++)
        {
            rows[lead] = new short[samples];
            for (int i = 0; i < samples; i++)
            {
                rows[lead][i] = (short)random.Next(-limit, limit + 1);
            }
        }

        ImmutableArray<LeadScale> scales =
            [.. Enumerable.Range(0, leads).Select(_ => new LeadScale(1000.0 / random.Next(100, 20000), random.Next(-100, 1025)))];
        return Recording.FromDigital(Info(name, leads, 360), rows, scales);
    }

    public static Recording Physical(Random random, string name, int leads, int samples)
    {
        double[][] rows = new double[leads][];
        for (int lead = 0; lead < leads; lead++)
        {
            rows[lead] = new double[samples];
            for (int i = 0; i < samples; i++)
            {
                rows[lead][i] = (random.NextDouble() * 10) - 5;
            }
        }

        return Recording.FromPhysical(Info(name, leads), rows);
    }

    public static ImmutableArray<WfdbAnnotation> Annotations(Random random, int count)
    {
        ImmutableArray<WfdbAnnotation>.Builder annotations = ImmutableArray.CreateBuilder<WfdbAnnotation>();
        long time = 0;
        for (int i = 0; i < count; i++)
        {
            // Steps below and above 10 bits, none, and now and then one beyond 31 bits.
            time += random.Next(8) switch { 0 => 0, 1 => random.Next(100_000), 2 when i == 5 => 5_000_000_000, _ => random.Next(1024) };
            bool rare = random.Next(3) == 0;
            annotations.Add(new WfdbAnnotation(
                time,
                (WfdbAnnotationCode)random.Next(0, WfdbAnnotationCodes.Max + 1),
                (sbyte)(rare ? random.Next(-128, 128) : 0),
                (byte)(rare ? random.Next(256) : 0),
                (sbyte)(rare ? random.Next(-128, 128) : 0),
                rare ? new string('(', random.Next(0, 5)) + "AFIB" : null));
        }

        return annotations.ToImmutable();
    }

    public static void AssertSameSamples(Recording expected, Recording actual)
    {
        Assert.Equal(expected.Leads, actual.Leads);
        Assert.Equal(expected.SampleRateHz, actual.SampleRateHz);
        Assert.Equal(expected.SampleCount, actual.SampleCount);
        Assert.Equal(expected.IsDigital, actual.IsDigital);
        for (int lead = 0; lead < expected.LeadCount; lead++)
        {
            if (expected.IsDigital)
            {
                Assert.True(expected.Digital(lead).SequenceEqual(actual.Digital(lead)), $"lead {lead} differs");
                Assert.Equal(expected.Scale(lead).BaselineLsb, actual.Scale(lead).BaselineLsb);
                Assert.Equal(expected.Scale(lead).GainMicrovoltsPerLsb, actual.Scale(lead).GainMicrovoltsPerLsb, 1e-12);
            }
            else
            {
                Assert.True(expected.Millivolts(lead).SequenceEqual(actual.Millivolts(lead)), $"lead {lead} differs");
            }
        }
    }
}
