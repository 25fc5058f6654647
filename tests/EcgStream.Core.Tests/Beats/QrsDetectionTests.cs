using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Sessions;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Beats;

/// <summary>The detector in its place, behind gaps, resampling and filter. What it makes of real recordings is measured elsewhere: none may be stored here.</summary>
public sealed class QrsDetectionTests
{
    [Theory]
    [InlineData(30, 500)]
    [InlineData(60, 500)]
    [InlineData(75, 257)]
    [InlineData(120, 360)]
    [InlineData(180, 500)]
    [InlineData(220, 1000)]
    public void OnBeat_SteadyRhythm_EveryBeatOnceAtItsPeak(double beatsPerMinute, double rate)
    {
        const int seconds = 40;
        var stream = new Stream(LeadList.Of(Lead.II, Lead.V5), rate, (int)(seconds * rate), 1, beatsPerMinute);
        var bench = new Bench();
        bench.Give(stream.Cut(() => (int)rate / 4));

        // The first quarter second is the filters' start.
        var period = 60 / beatsPerMinute;
        double[] expected = [.. Enumerable.Range(0, 1000).Select(beat => (beat + 0.4) * period).Where(time => time is > 0.25 and < seconds - 0.4)];
        double[] actual = [.. bench.Sink.Beats.Select(beat => (beat.TimeUnixNs - Stream.Start) * 1e-9).Where(time => time is > 0.25 and < seconds - 0.4)];

        Assert.Equal(expected.Length, actual.Length);
        for (var beat = 0; beat < expected.Length; beat++)
        {
            Assert.Equal(expected[beat], actual[beat], 0.012);
        }

        Assert.All(bench.Sink.Beats.Skip(2), beat => Assert.InRange(beat.RrMilliseconds!.Value, (1000 * period) - 8, (1000 * period) + 8));
        Assert.All(bench.Sink.Beats, beat => Assert.Equal(Lead.II, beat.Lead));
        Assert.InRange(bench.Sink.Vitals[^1].HeartRateBpm!.Value, beatsPerMinute * 0.99, beatsPerMinute * 1.01);
        Assert.Equal(bench.Sink.Beats.Count, bench.Sink.Vitals.Sum(second => second.Beats), 2.0);
    }

    [Fact]
    public void OnBeat_AfterLearning_ComesWithin200Ms()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 20, 1);
        var bench = new Bench();
        for (var first = 0; first < stream.Length; first += 10)
        {
            var before = bench.Sink.Beats.Count;
            bench.Give(stream.Chunk(first, 10, (ulong)(first / 10)));
            if (first > 1500 && bench.Sink.Beats.Count > before)
            {
                Assert.InRange((stream.TimeOf(first + 10) - bench.Sink.Beats[^1].TimeUnixNs) * 1e-6, 20, 200);
            }
        }

        Assert.InRange(bench.Sink.Beats.Count, 23, 24);
    }

    [Fact]
    public void OnBeat_FlatLineWithNoise_NoBeatsAndNoRate()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 40, 1);
        var random = new Random(2);
        for (var n = 5000; n < 15_000; n++)
        {
            stream.Digital[0][n] = (short)random.Next(-4, 4);
        }

        var bench = new Bench();
        bench.Give(stream.Cut(() => 250));
        double[] seconds = [.. bench.Sink.Beats.Select(beat => (beat.TimeUnixNs - Stream.Start) * 1e-9)];

        Assert.DoesNotContain(seconds, second => second is > 10.3 and < 29.9);
        Assert.Null(bench.Sink.Status[10 * 15].HeartRateBpm);
        Assert.True(bench.Sink.Status[10 * 29].TimeUnixNs - bench.Sink.Status[10 * 29].LastQrsUnixNs > 18_000_000_000);
        Assert.InRange(seconds.Count(second => second > 30), 11, 13);
    }

    [Fact]
    public void OnBeat_AmplitudeFallsToAQuarter_GoesOn()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 40, 1);
        for (var n = 10_000; n < stream.Length; n++)
        {
            stream.Digital[0][n] /= 4;
        }

        var bench = new Bench();
        bench.Give(stream.Cut(() => 250));

        Assert.InRange(bench.Sink.Beats.Count(beat => beat.TimeUnixNs > stream.TimeOf(10_000)), 23, 25);
    }

    [Fact]
    public void OnBeat_LeadOffFullOfArtefacts_IsNotListenedTo()
    {
        var stream = new Stream(LeadList.Of(Lead.II, Lead.V1), 500, 500 * 30, 1);
        var random = new Random(2);
        for (var n = 0; n < stream.Length; n++)
        {
            stream.Digital[1][n] = (short)(random.Next(12) == 0 ? random.Next(-30_000, 30_000) : stream.Digital[1][Math.Max(0, n - 1)]);
        }

        var bench = new Bench();
        bench.Give(stream.Cut(() => 250).Select(chunk => (chunk.Header with { ElectrodesOff = 1 << 4 }, chunk.Payload)));

        Assert.InRange(bench.Sink.Beats.Count, 35, 36);
    }

    [Fact]
    public void OnBeat_AllLeadsOff_NoBeats()
    {
        var bench = new Bench();
        bench.Give(new Stream(LeadList.Of(Lead.II), 500, 500 * 10, 1).Cut(() => 250).Select(chunk => (chunk.Header with { ElectrodesOff = 1 }, chunk.Payload)));

        Assert.Empty(bench.Sink.Beats);
    }

    [Fact]
    public void OnBeat_BehindATimeWithoutAnyLead_HasNoInterval()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 30, 1);
        var bench = new Bench();
        bench.Give(stream.Cut(() => 250).Select(chunk => (chunk.Header with { ElectrodesOff = chunk.Header.Sequence is > 120 and <= 140 ? 1u : 0 }, chunk.Payload)));

        Assert.Contains(bench.Sink.Beats, beat => beat.TimeUnixNs < stream.TimeOf(5000));
        Assert.Equal(2, bench.Sink.Beats.Count(beat => beat.RrMilliseconds is null));
        Assert.DoesNotContain(bench.Sink.Beats, beat => beat.RrMilliseconds > 1500);
        Assert.All(bench.Sink.Status.Where(status => status.TimeUnixNs > stream.TimeOf(6000)), status => Assert.False(status.HeartRateBpm < 60));
    }

    [Fact]
    public void OnBeat_BehindAGap_HasNoInterval()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 20, 1);
        var bench = new Bench();
        bench.Give(stream.Chunk(0, 1000, 1));
        bench.Give(stream.Chunk(1000, 1000, 2));
        bench.Give(stream.Chunk(3000, 1000, 4));
        bench.Give(stream.Chunk(4000, 1000, 5));

        Assert.Null(bench.Sink.Beats.First(beat => beat.TimeUnixNs > stream.TimeOf(3000)).RrMilliseconds);
        Assert.Equal(2, bench.Sink.Beats.Count(beat => beat.RrMilliseconds is null));
        Assert.Equal(SignalGapKind.Bridged, Assert.Single(bench.Sink.Gaps).Kind);
    }
}
