using EcgStream.Client.Encoding;
using EcgStream.Core.Signals;

namespace EcgStream.Simulator.Tests.Encoding;

public sealed class ChunkBuilderTests
{
    private const long Start = 1_800_000_000_000_000_000;

    [Fact]
    public void FromMillivolts_ManyChunksAtAnOddRate_KeepTheClockExact()
    {
        var builder = new ChunkBuilder(Session(360, Lead.II), firstSequence: 7);
        for (ulong i = 0; i < 1000; i++)
        {
            var chunk = builder.FromMillivolts(new float[77], 77);
            Assert.Equal(7 + i, chunk.Sequence);
            Assert.Equal((ulong)Start + (ulong)Math.Round(i * 77 * 1e9 / 360), chunk.DeviceTimeUnixNs);
        }

        Assert.Equal(77_000, builder.SamplesBuilt);
    }

    [Fact]
    public void FromMillivolts_TwoLeads_FillsEveryRequiredField()
    {
        var chunk = new ChunkBuilder(Session(500, Lead.I, Lead.V6)).FromMillivolts([.. Enumerable.Repeat(0.001f, 50), .. Enumerable.Repeat(-1f, 50)], 50, 3, endOfSession: true);
        Assert.True(chunk.HasSequence && chunk.HasSessionId && chunk.HasBaselineLsb && chunk.HasElectrodesOff && chunk.HasGainMicrovoltsPerLsb);
        Assert.Equal([Protocol.V1.Lead.I, Protocol.V1.Lead.V6], chunk.Leads);
        Assert.Equal(50u, chunk.SamplesPerLead);
        Assert.Equal(200, chunk.Samples.Length);
        Assert.Equal(1, BitConverter.ToInt16(chunk.Samples.Span));
        Assert.Equal(-1000, BitConverter.ToInt16(chunk.Samples.Span[100..]));
        Assert.Equal(3u, chunk.ElectrodesOff);
        Assert.True(chunk.EndOfSession);
    }

    [Fact]
    public void FromDigital_Counts_TravelUntouched()
    {
        short[] counts = [.. Enumerable.Range(-5, 10).Select(i => (short)(i * 3000))];
        var chunk = new ChunkBuilder(Session(100, Lead.Ecg)).FromDigital(counts, 10, 4.88, 1024);
        Assert.Equal(counts, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(chunk.Samples.Span).ToArray());
        Assert.Equal(4.88, chunk.GainMicrovoltsPerLsb);
        Assert.Equal(1024, chunk.BaselineLsb);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(1001)]
    public void FromMillivolts_DurationOutOfBounds_IsRefused(int samples) =>
        Assert.Throws<ArgumentException>(() => new ChunkBuilder(Session(500, Lead.II)).FromMillivolts(new float[samples], samples));

    [Fact]
    public void FromMillivolts_AfterTheEnd_IsRefused()
    {
        var builder = new ChunkBuilder(Session(500, Lead.II));
        builder.FromMillivolts(new float[100], 100, endOfSession: true);
        Assert.Throws<InvalidOperationException>(() => builder.FromMillivolts(new float[100], 100));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a b", 1)]
    [InlineData("a", 0)]
    public void Constructor_BadIdentity_IsRefused(string device, ulong session) =>
        Assert.Throws<ArgumentException>(() => new ChunkBuilder(new DeviceSession(device, session, Start, 500, [Lead.II])));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ChunkPlan_AnyRecording_IsCutWholeWithinTheBounds(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var rate = random.Next(100, 1001);
            var samples = random.Next((int)Math.Ceiling(rate * 0.02), 20 * rate);
            var plan = new ChunkPlan(samples, rate, TimeSpan.FromMilliseconds(random.Next(20, 2001)));
            var start = 0;
            while (start < samples)
            {
                var length = plan.LengthAt(start);
                Assert.True(length >= rate * 0.02 - 1e-9 && length <= 2 * rate, $"seed {seed}, round {round}: {length} of {samples} at {rate} Hz");
                start += length;
            }

            Assert.Equal(samples, start);
        }
    }

    private static DeviceSession Session(double rate, params Lead[] leads) => new("dev-1", 99, Start, rate, leads);
}
