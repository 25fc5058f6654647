using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Sessions;
using EcgStream.Core.Windows;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Beats;

/// <summary>Beat windows in their place: behind detector, rings and lead quality.</summary>
public sealed class BeatWindowTests
{
    private const double SampleNs = 2_000_000;

    private static readonly WindowRecipe Two = Deciding("beat-2lead", 2);
    private static readonly WindowRecipe One = Deciding("beat-1lead", 1);
    private static readonly WindowRecipe Exact = new("exact", [], 400, [], 400) { Beat = new BeatRecipe(new BeatCut.Fixed(180, 220), 1, false, []) };

    private static readonly WindowRecipe Contest = new(
        "contest", [], 820, [new WindowStep.Decimate(4, 0), new WindowStep.MinMax(0, 1), new WindowStep.Pad(205, 0)], 205)
    {
        Beat = new BeatRecipe(new BeatCut.RrShare(1.2, 8, 820), 1, false, []),
    };

    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 360)]
    [InlineData(3, 250)]
    public void OnWindow_AnyChunks_EqualANaiveCut(int seed, double rate)
    {
        var random = new Random(seed);
        var stream = new Stream(LeadList.Of(Lead.V5, Lead.II), rate, (int)(30 * rate), seed, 50 + random.Next(90));
        var bench = new Bench(Exact, Contest) { Sink = { Live = true } };
        bench.Give(stream.Cut(() => random.Next((int)(0.02 * rate), (int)(0.9 * rate))));

        float[] filtered = [.. bench.Sink.Samples[Lead.II]];
        var peaks = bench.Sink.Beats.Select(beat => PeakOf(beat)).ToList();
        var exact = bench.Sink.BeatWindows.Where(window => window.Model == "exact").ToDictionary(window => PeakOf(window.Beat), window => window.Input);
        var contest = bench.Sink.BeatWindows.Where(window => window.Model == "contest").ToDictionary(window => PeakOf(window.Beat), window => window.Input);
        for (var index = 0; index < peaks.Count; index++)
        {
            var peak = peaks[index];
            if (peak + 220 <= filtered.Length)
            {
                Assert.Equal(Enumerable.Range(peak - 180, 400).Select(at => filtered[Math.Max(0, at)]), exact[peak]);
            }

            var expected = index == 0 ? null : NaiveContest(filtered, peaks, index);
            Assert.Equal(expected is not null, contest.ContainsKey(peak));
            for (var frame = 0; frame < (expected?.Length ?? 0); frame++)
            {
                Assert.Equal(expected![frame], contest[peak][frame], 1e-5f);
            }
        }

        Assert.InRange(contest.Count, peaks.Count - 4, peaks.Count - 1);
        Assert.Equal(bench.Sink.Beats, bench.Sink.Unclassified);
    }

    [Fact]
    public void OnWindow_DecidingModels_EveryBeatOnceAndInOrder()
    {
        var stream = new Stream(LeadList.Of(Lead.MLII, Lead.V1), 360, 360 * 30, 1, 80);
        var bench = new Bench(Two, One);
        bench.Give(stream.Cut(() => 90));

        var decided = bench.Sink.BeatWindows.Select(window => window.Beat).Concat(bench.Sink.Unclassified).OrderBy(beat => beat.TimeUnixNs);
        Assert.Equal(bench.Sink.Beats, decided);
        Assert.InRange(bench.Sink.Unclassified.Count, 0, 1); // the last one, whose window the end of the session cuts short
        Assert.All(bench.Sink.BeatWindows, window => Assert.Equal("beat-2lead", window.Model));

        // A steady heart: each beat is like its template, and the intervals are as ever.
        foreach (var window in bench.Sink.BeatWindows.Skip(10))
        {
            Assert.InRange(Feature(window.Input, Two, BeatFeature.QrsCorrelation1), 0.99f, 1.001f);
            Assert.InRange(Feature(window.Input, Two, BeatFeature.QrsCorrelation2), 0.99f, 1.001f);
            Assert.InRange(Feature(window.Input, Two, BeatFeature.PreRatio), -0.02f, 0.02f);
            Assert.Equal(1, Feature(window.Input, Two, BeatFeature.ShapeIsDominant));
            for (var at = 0; at < 100; at++)
            {
                Assert.Equal(window.Input[at], window.Input[200 + at], 0.1f);
            }
        }
    }

    [Fact]
    public void OnWindow_NextBeatKnown_ComesRightAfterItsDetection()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 20, 1, 75);
        var bench = new Bench(One);
        for (var first = 0; first < stream.Length; first += 10)
        {
            var before = bench.Sink.BeatWindows.Count;
            bench.Give(stream.Chunk(first, 10, (ulong)(first / 10)));
            if (first > 2500 && bench.Sink.BeatWindows.Count > before)
            {
                Assert.InRange((stream.TimeOf(first + 10) - bench.Sink.BeatWindows[^1].Beat.TimeUnixNs) * 1e-6, 820, 1000);
            }
        }

        Assert.InRange(bench.Sink.BeatWindows.Count, 20, 24);
    }

    [Fact]
    public void OnWindow_HeartStops_TheLastBeatComesBy1700Ms()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 20, 1, 75);
        foreach (ref var sample in stream.Digital[0].AsSpan(500 * 12 + 200))
        {
            sample = stream.Digital[0][(500 * 12) + 200];
        }

        var bench = new Bench(One);
        var at = new Dictionary<long, long>();
        for (var first = 0; first < stream.Length; first += 50)
        {
            var before = bench.Sink.BeatWindows.Count;
            bench.Give(stream.Chunk(first, 50, (ulong)(first / 50)));
            foreach (var window in bench.Sink.BeatWindows.Skip(before))
            {
                at[window.Beat.TimeUnixNs] = stream.TimeOf(first + 50);
            }
        }

        var last = bench.Sink.Beats[^1];
        Assert.InRange((at[last.TimeUnixNs] - last.TimeUnixNs) * 1e-6, 1600, 1800);
        Assert.Equal(1, Feature(bench.Sink.BeatWindows[^1].Input, One, BeatFeature.NextLate));
    }

    [Fact]
    public void OnWindow_OneLeadOff_TheOneLeadModelLooksAtTheOther()
    {
        var leads = LeadList.Of(Lead.II, Lead.V1);
        var stream = new Stream(leads, 500, 500 * 40, 1, 75);
        var bench = new Bench(Two, One);
        const uint V1Off = 1u << 4;
        Assert.Equal(Lead.V1.Bit(), Electrodes.LeadsOff(V1Off, leads));
        for (var first = 0; first < stream.Length; first += 100)
        {
            bench.Give(stream.Chunk(first, 100, (ulong)(first / 100), first >= 10_000 ? V1Off : 0));
        }

        var models = bench.Sink.BeatWindows.ToLookup(window => window.Model, window => (window.Beat.TimeUnixNs - Stream.Start) * 1e-9);
        Assert.InRange(models["beat-2lead"].Max(), 17, 20);
        Assert.InRange(models["beat-1lead"].Min(), 18, 21);
        Assert.InRange(models["beat-1lead"].Count(), 22, 26);
    }

    [Fact]
    public void OnBeatUnclassified_NoModel_EveryBeatAtOnce()
    {
        var stream = new Stream(LeadList.Of(Lead.II), 500, 500 * 10, 1, 75);
        var bench = new Bench();
        bench.Give(stream.Cut(() => 125));
        Assert.NotEmpty(bench.Sink.Beats);
        Assert.Equal(bench.Sink.Beats, bench.Sink.Unclassified);
    }

    [Fact]
    public void WindowPlan_SettingNamesAModelOfOtherLeads_IsRefused()
    {
        var pools = new[] { new RhythmWindowPool(Deciding("beat-2lead", 1), 1) };
        Assert.Contains("Beats:Model2Lead", Assert.Throws<ArgumentException>(() => new WindowPlan(new WindowOptions(), pools)).Message, StringComparison.Ordinal);
    }

    private static WindowRecipe Deciding(string name, int leads) => new(name, [], 400, [new WindowStep.Decimate(4, 0)], 100)
    {
        Beat = new BeatRecipe(new BeatCut.Fixed(180, 220), leads, true, [.. Enum.GetValues<BeatFeature>().Where(feature => leads == 2 || !feature.NeedsSecondLead())]),
    };

    private static float Feature(float[] input, WindowRecipe recipe, BeatFeature feature) =>
        input[recipe.RowsLength + recipe.Beat!.Features.ToList().IndexOf(feature)];

    private static int PeakOf(in Beat beat) => (int)Math.Round((beat.TimeUnixNs - Stream.Start) / SampleNs) + MonitoringBand.QrsDelaySamples;

    private static float[]? NaiveContest(float[] filtered, List<int> peaks, int index)
    {
        var intervals = Enumerable.Range(1, index).Select(beat => (double)(peaks[beat] - peaks[beat - 1])).TakeLast(8).Order().ToList();
        var median = (intervals[(intervals.Count - 1) / 2] + intervals[intervals.Count / 2]) / 2;
        var length = Math.Min(820, (int)Math.Round(1.2 * median));
        if (peaks[index] + length > filtered.Length)
        {
            return null;
        }

        var kept = Enumerable.Range(0, length).Where(at => at % 4 == 0).Select(at => (double)filtered[peaks[index] + at]).ToList();
        var (low, high) = (kept.Min(), kept.Max());
        return [.. kept.Select(value => (float)((value - low) / (high - low))).Concat(Enumerable.Repeat(0f, 205)).Take(205)];
    }
}
