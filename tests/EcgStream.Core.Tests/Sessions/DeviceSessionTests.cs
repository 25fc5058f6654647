using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Core.Tests.Signals;

namespace EcgStream.Core.Tests.Sessions;

public sealed class DeviceSessionTests
{
    private static readonly LeadList One = LeadList.Of(Lead.II);
    private static readonly LeadList Twelve = LeadList.Of([.. LeadNames.StandardTwelve]);

    [Fact]
    public void Accept_TenSeconds_OneWindowEqualToTheFilteredRecord()
    {
        var stream = new Stream(Twelve, 500, 5000, 1);
        var bench = new Bench(Bench.Plain("m", Lead.V6, Lead.II));

        bench.Give(stream.Cut(() => 125));

        var window = Assert.Single(bench.Sink.Windows);
        Assert.Equal(Stream.Start, window.Start);
        Assert.Equal(Stream.Start + 10_000_000_000, window.End);
        Assert.Equal(WindowMarks.None, window.Marks);
        AssertNear(NaiveFilter.Run(stream.Millivolts(Lead.V6)), window.Input.AsSpan(0, 5000), 1e-6);
        AssertNear(NaiveFilter.Run(stream.Millivolts(Lead.II)), window.Input.AsSpan(5000), 1e-6);
        Assert.False(bench.Device.IsOpen);
        Assert.Equal(10, bench.Sink.Vitals.Count);
        Assert.Equal(100, bench.Sink.Status.Count);
    }

    [Fact]
    public void Accept_4999Samples_NoWindow()
    {
        var bench = new Bench(Bench.Plain("m"));

        bench.Give(new Stream(One, 500, 4999, 1).Cut(() => 125));

        Assert.Empty(bench.Sink.Windows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Accept_AnyCutOrderAndRepetition_GivesTheSameWindowsAndBeats(int seed)
    {
        var random = new Random(seed);
        var rate = seed == 4 ? 360 : 500;
        var stream = new Stream(LeadList.Of(Lead.I, Lead.II, Lead.V1), rate, 17 * rate, seed);
        WindowRecipe[] recipes = [Bench.Plain("limbs", Lead.I, Lead.AVF, Lead.V1), new("short", [Lead.II], 1500, [new WindowStep.Decimate(4, 1)], 375)];
        var plain = new Bench(recipes);
        plain.Give(stream.Cut(() => rate / 4));

        var bench = new Bench(recipes);
        var chunks = stream.Cut(() => random.Next((rate / 50) + 1, rate / 2));
        var expectedDuplicates = 0;

        // The first starts the session: nothing may come before it. Each swap makes one chunk early and one reordered.
        for (var index = 1; index < chunks.Count - 1; index += 2)
        {
            if (random.Next(2) == 0)
            {
                (chunks[index], chunks[index + 1]) = (chunks[index + 1], chunks[index]);
            }
        }

        foreach (var chunk in chunks)
        {
            bench.Give(chunk);
            if (random.Next(4) == 0)
            {
                Assert.Equal(ChunkOutcome.Duplicate, bench.Give(chunk));
                expectedDuplicates++;
            }
        }

        Assert.Equal(8 + 15, bench.Sink.Windows.Count);
        Assert.Equal(plain.Sink.Windows.Count, bench.Sink.Windows.Count);
        for (var index = 0; index < plain.Sink.Windows.Count; index++)
        {
            var (expected, actual) = (plain.Sink.Windows[index], bench.Sink.Windows[index]);
            Assert.Equal(expected.Model, actual.Model);
            Assert.InRange(actual.Start - expected.Start, -20, 20);
            Assert.Equal(expected.Input, actual.Input);
        }

        Assert.Equal(plain.Sink.Beats.Select(beat => beat.RrMilliseconds), bench.Sink.Beats.Select(beat => beat.RrMilliseconds));
        Assert.Equal(expectedDuplicates, bench.Device.Counters.Duplicate);
        Assert.Equal(chunks.Count, bench.Device.Counters.Accepted);
        Assert.Equal(bench.Device.Counters.Early, bench.Device.Counters.Reordered);
        Assert.Equal(0, bench.Device.Counters.Missing);
        Assert.Equal(plain.Sink.Status.Select(State), bench.Sink.Status.Select(State));
    }

    [Fact]
    public void Accept_Windows_EqualNaiveSlicesOfTheFilteredSignal()
    {
        var stream = new Stream(One, 500, 500 * 14, 9);
        var bench = new Bench(new WindowOptions { Hop = TimeSpan.FromMilliseconds(1100) }, new SessionOptions(), 4, Bench.Plain("m", Lead.II));
        bench.Give(stream.Cut(() => 777));
        var filtered = NaiveFilter.Run(stream.Millivolts(Lead.II));

        Assert.Equal(4, bench.Sink.Windows.Count);
        for (var index = 0; index < 4; index++)
        {
            Assert.Equal(stream.TimeOf(550 * index), bench.Sink.Windows[index].Start);
            AssertNear(filtered.AsSpan(550 * index, 5000), bench.Sink.Windows[index].Input, 1e-6);
        }
    }

    [Fact]
    public void Accept_GapOf40Ms_IsInterpolatedMarkedAndCounted()
    {
        var stream = new Stream(One, 500, 500 * 22, 3);
        var bench = new Bench(Bench.Plain("m", Lead.II));
        for (var part = 0; part < 25; part++)
        {
            bench.Give(stream.Chunk(part * 20, 20, (ulong)part));
        }

        for (var second = 1; second < 21; second++)
        {
            bench.Give(stream.Chunk((second * 500) + 20, 500, (ulong)second + 26));
        }

        Assert.Equal(1, bench.Device.Counters.GapsInterpolated);
        Assert.Equal(0, bench.Device.Counters.GapsBroken);
        var gap = Assert.Single(bench.Sink.Gaps);
        Assert.Equal((SignalGapKind.Interpolated, stream.TimeOf(500), stream.TimeOf(520)), (gap.Kind, gap.StartUnixNs, gap.EndUnixNs));

        // 520 samples are behind the gap's end: windows that begin at 0 and 500 hold a part of it, the one at 1000 does not.
        Assert.Equal([WindowMarks.Interpolated, WindowMarks.Interpolated, WindowMarks.None], bench.Sink.Windows.Take(3).Select(window => window.Marks));
        var filled = stream.Millivolts(Lead.II);
        for (var n = 0; n < 20; n++)
        {
            filled[500 + n] = filled[499] + ((n + 1) / 21.0 * (filled[520] - filled[499]));
        }

        AssertNear(NaiveFilter.Run(filled).AsSpan(0, 5000), bench.Sink.Windows[0].Input, 1e-6);
    }

    [Theory]
    [InlineData(1, SignalGapKind.Bridged, 2000)]
    [InlineData(3, SignalGapKind.Broken, 3500)]
    public void Accept_MissingSeconds_NoWindowSpansThemAndTheOthersStayOnTheGrid(int missing, SignalGapKind kind, int firstStart)
    {
        var stream = new Stream(One, 500, 500 * 30, 3);
        var bench = new Bench(Bench.Plain("m", Lead.II));
        for (var part = 0; part < 30; part++)
        {
            if (part is < 3 || part >= 3 + missing)
            {
                bench.Give(stream.Chunk(part * 500, 500, (ulong)part));
            }
        }

        var first = (3 + missing) * 500;
        Assert.Equal(1, bench.Device.Counters.GapsBroken);
        Assert.Equal((kind, stream.TimeOf(1500), stream.TimeOf(first)), Assert.Single(bench.Sink.Gaps) is var gap ? (gap.Kind, gap.StartUnixNs, gap.EndUnixNs) : default);
        Assert.Equal(stream.TimeOf(Math.Max(first, firstStart - 500)), bench.Sink.Windows[0].Start);
        Assert.All(bench.Sink.Windows, window => Assert.Equal(0, (window.Start - Stream.Start) % 1_000_000_000));
        Assert.Equal(30 - 3 - missing - 9, bench.Sink.Windows.Count);
    }

    [Fact]
    public void ExpectGrid_ReplayFromTheMiddle_CutsTheSameWindows()
    {
        var stream = new Stream(One, 360, 360 * 30, 3);
        var chunks = stream.Cut(() => 97, end: false);
        var whole = new Bench(Bench.Plain("m", Lead.II));
        whole.Give(chunks);
        var replayed = new Bench(Bench.Plain("m", Lead.II));
        replayed.Device.ExpectGrid(7, stream.TimeOf(360 * 5));

        replayed.Give(chunks.Skip(31));

        long[] expected = [.. whole.Sink.Windows.Select(window => window.Start).Where(start => start >= stream.TimeOf(31 * 97))];
        Assert.Equal(expected.Length, replayed.Sink.Windows.Count);
        Assert.All(expected.Zip(replayed.Sink.Windows), pair => Assert.InRange(pair.Second.Start - pair.First, -2_000_000, 2_000_000));
    }

    [Fact]
    public void Accept_MissingChunk_IsGivenUpAfterTheStatedWait()
    {
        var stream = new Stream(One, 500, 500 * 4, 3);
        var chunks = stream.Cut(() => 125, end: false);
        var bench = new Bench();
        bench.Give(chunks[0]);
        for (var index = 2; index < 4; index++)
        {
            Assert.Equal(ChunkOutcome.Held, bench.Give(chunks[index]));
        }

        // The third one begins 0.5 s after the first that waits.
        Assert.Equal(0, bench.Device.Counters.Missing);
        bench.Give(chunks[4]);

        Assert.Equal(1, bench.Device.Counters.Missing);
        Assert.Equal(1, bench.Sink.Gaps[0].MissingChunks);
        Assert.Equal(stream.TimeOf(600), bench.Sink.Status[^1].TimeUnixNs);
        Assert.Equal(ChunkOutcome.Late, bench.Give(chunks[1]));
        Assert.Equal(ChunkOutcome.Duplicate, bench.Give(chunks[3]));
        Assert.Equal(ChunkOutcome.Accepted, bench.Give(chunks[5]));
    }

    [Fact]
    public void Accept_MoreThanMayWait_GivesUpByCount()
    {
        var stream = new Stream(One, 500, 500 * 2, 3);
        var chunks = stream.Cut(() => 20, end: false);
        var bench = new Bench();
        bench.Give(chunks[0]);
        for (var index = 2; index < 10; index++)
        {
            Assert.Equal(ChunkOutcome.Held, bench.Give(chunks[index]));
        }

        bench.Give(chunks[10]);

        Assert.Equal(1, bench.Device.Counters.Missing);
        Assert.Equal(stream.TimeOf(200), bench.Sink.Status[^1].TimeUnixNs);
    }

    [Fact]
    public void Poll_SilenceAfterAGap_ReleasesWhatWaits()
    {
        var chunks = new Stream(One, 500, 500 * 2, 3).Cut(() => 125, end: false);
        var bench = new Bench();
        bench.Give(chunks[0]);
        bench.Give(chunks[2]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(400));
        bench.Device.Poll(bench.Clock.GetTimestamp());
        Assert.Equal(2, bench.Sink.Status.Count);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(101));
        bench.Device.Poll(bench.Clock.GetTimestamp());

        Assert.True(bench.Sink.Status.Count > 2);
        Assert.Equal(1, bench.Device.Counters.Missing);
    }

    [Fact]
    public void Accept_OtherRateOrLeads_IsRefusedAndTheSessionGoesOn()
    {
        var bench = new Bench();
        var stream = new Stream(One, 500, 1000, 3);
        bench.Give(stream.Chunk(0, 500, 1));
        var other = stream.Chunk(500, 500, 2);
        var changed = other.Header with { SampleRateHz = 499 };

        Assert.Equal(ChunkOutcome.FormatChanged, bench.Give((changed, other.Payload)));
        var refusal = bench.Device.FormatRefusal(in changed);
        Assert.Equal((RefusalReason.FormatChanged, "sample_rate_hz"), (refusal.Reason, refusal.Field));
        Assert.Equal(ChunkOutcome.FormatChanged, bench.Give((other.Header with { Leads = LeadList.Of(Lead.V1) }, other.Payload)));
        Assert.Equal(ChunkOutcome.Accepted, bench.Give(other));
        Assert.Equal(2, bench.Device.Counters.FormatChanged);
    }

    [Fact]
    public void Accept_NewSession_ReplacesTheOldAndTheOldIsLate()
    {
        var bench = new Bench();
        var stream = new Stream(One, 500, 3000, 3);
        bench.Give(stream.Chunk(0, 500, 1));
        bench.Give(stream.Chunk(1000, 500, 3));

        Assert.Equal(ChunkOutcome.Accepted, bench.Give(stream.Chunk(2000, 500, 1, session: 8)));

        Assert.Equal(30, bench.Sink.Status.Count);
        Assert.Equal(ChunkOutcome.Late, bench.Give(stream.Chunk(500, 500, 2)));
        Assert.Equal(2, bench.Device.Counters.Sessions);
        Assert.Equal(8u, bench.Device.SessionId);
    }

    [Fact]
    public void Accept_BehindTheEnd_IsLateAndARepeatedEndADuplicate()
    {
        var bench = new Bench();
        var stream = new Stream(One, 500, 1000, 3);
        var end = stream.Chunk(0, 500, 1, last: true);
        bench.Give(end);

        Assert.Equal(ChunkOutcome.Duplicate, bench.Give(end));
        Assert.Equal(ChunkOutcome.Late, bench.Give(stream.Chunk(500, 500, 2)));
    }

    [Fact]
    public void Accept_AllBuffersOut_DropsAndCounts()
    {
        var bench = new Bench(new WindowOptions(), new SessionOptions(), 1, Bench.Plain("m", Lead.II));
        var held = bench.Pools[0].TryRent();
        bench.Give(new Stream(One, 500, 5500, 3).Cut(() => 500));

        Assert.NotNull(held);
        Assert.Equal([("m", Stream.Start), ("m", Stream.Start + 1_000_000_000)], bench.Sink.Dropped);
        Assert.Equal(2, bench.Device.Counters.WindowsDropped);
    }

    [Fact]
    public void Accept_LeadOff_MarksOnlyItsWindowsAndTellsTheLeads()
    {
        var bench = new Bench(Bench.Plain("v6", Lead.V6), Bench.Plain("ii", Lead.II));
        var stream = new Stream(LeadList.Of(Lead.II, Lead.V6), 500, 500 * 13, 3);
        for (var second = 0; second < 13; second++)
        {
            bench.Give(stream.Chunk(second * 500, 500, (ulong)second, second == 1 ? 1u << 9 : 0));
        }

        Assert.Equal(
            [WindowMarks.LeadOff, WindowMarks.LeadOff, WindowMarks.None, WindowMarks.None],
            bench.Sink.Windows.Where(window => window.Model == "v6").Select(window => window.Marks));
        Assert.All(bench.Sink.Windows.Where(window => window.Model == "ii"), window => Assert.Equal(WindowMarks.None, window.Marks));
        Assert.Equal(Lead.V6.Bit(), bench.Sink.Status[15].LeadsOff);
        Assert.Equal(Lead.V6.Bit(), bench.Sink.Vitals[1].LeadsOff);
        Assert.All(bench.Sink.Status, status => Assert.Equal(Stream.Start, status.AnalysableSinceUnixNs));
    }

    [Fact]
    public void Accept_AllLeadsOff_NothingCanBeAnalysedUntilTheyAreBack()
    {
        var bench = new Bench();
        var stream = new Stream(One, 500, 500 * 3, 3);
        bench.Give(stream.Chunk(0, 500, 1));
        bench.Give(stream.Chunk(500, 500, 2, electrodesOff: 1));
        bench.Give(stream.Chunk(1000, 500, 3));

        // What was told within a second of the loss goes on behind it.
        Assert.Equal([Stream.Start, null, Stream.Start], new[] { 9, 19, 29 }.Select(tick => bench.Sink.Status[tick].AnalysableSinceUnixNs));
        Assert.True(bench.Sink.Status[19].AllLeadsOff);
    }

    [Fact]
    public void Accept_JitteringStamps_AreNoGaps()
    {
        var random = new Random(5);
        var stream = new Stream(One, 500, 500 * 60, 3);
        var bench = new Bench(Bench.Plain("m", Lead.II));
        foreach (var (header, payload) in stream.Cut(() => 125))
        {
            // Whole milliseconds on a clock that runs 80 ppm fast.
            var elapsed = header.DeviceTimeUnixNs - Stream.Start;
            var stamp = Stream.Start + ((elapsed + (elapsed * 80 / 1_000_000) + random.Next(900_000)) / 1_000_000 * 1_000_000);
            bench.Give((header with { DeviceTimeUnixNs = stamp }, payload));
        }

        Assert.Empty(bench.Sink.Gaps);
        Assert.Equal(51, bench.Sink.Windows.Count);
        Assert.InRange(bench.Sink.Windows[50].End - stream.TimeOf(30000) - 4_800_000, -2_000_000, 2_000_000);
    }

    [Fact]
    public void Accept_ClockSetBack_IsBelievedAtTheThirdStampAndLosesNothing()
    {
        var bench = new Bench(Bench.Plain("m", Lead.II));
        var stream = new Stream(One, 500, 500 * 30, 3);
        foreach (var (header, payload) in stream.Cut(() => 250, end: false))
        {
            bench.Give((header with { DeviceTimeUnixNs = header.DeviceTimeUnixNs - (header.Sequence >= 120 ? 60_000_000_000 : 0) }, payload));
        }

        Assert.Equal(1, bench.Device.Counters.ClockSteps);
        Assert.Equal(SignalGapKind.ClockStep, Assert.Single(bench.Sink.Gaps).Kind);
        Assert.Equal(21, bench.Sink.Windows.Count);
        Assert.All(bench.Sink.Beats.Skip(1), beat => Assert.InRange(beat.RrMilliseconds!.Value, 820, 845));
        Assert.Equal(stream.TimeOf(15000) - 60_000_000_000 + 1, bench.Sink.Status[^1].TimeUnixNs);
        Assert.Equal(-59_999_999_999, bench.Sink.Status[^1].ClockStepsNs);
    }

    [Fact]
    public void Accept_Samples_AreHandedOutWhole()
    {
        var stream = new Stream(LeadList.Of(Lead.I, Lead.II), 500, 1700, 3);
        var bench = new Bench();
        bench.Sink.Live = true;
        bench.Give(stream.Cut(() => 333));

        var first = NaiveFilter.Run(stream.Millivolts(Lead.I));
        var second = NaiveFilter.Run(stream.Millivolts(Lead.II));
        AssertNear(second, [.. bench.Sink.Samples[Lead.II]], 1e-6);
        AssertNear([.. first.Zip(second, (one, two) => two - one)], [.. bench.Sink.Samples[Lead.III]], 1e-6);
        AssertNear([.. first.Zip(second, (one, two) => -(one + two) / 2)], [.. bench.Sink.Samples[Lead.AVR]], 1e-6);
        AssertNear([.. first.Zip(second, (one, two) => one - (two / 2))], [.. bench.Sink.Samples[Lead.AVL]], 1e-6);
        AssertNear([.. first.Zip(second, (one, two) => two - (one / 2))], [.. bench.Sink.Samples[Lead.AVF]], 1e-6);
    }

    [Fact]
    public void ClockOffset_DriftingClock_IsEstimated()
    {
        var bench = new Bench();
        var stream = new Stream(One, 100, 100 * 200, 3);
        var random = new Random(1);
        foreach (var (header, payload) in stream.Cut(() => 100))
        {
            var elapsed = header.EndUnixNs - Stream.Start;
            bench.Device.Accept(in header, payload, 0, header.EndUnixNs + 3_000_000_000 + (elapsed * 50 / 1_000_000) + random.Next(20_000_000));
        }

        Assert.InRange(bench.Device.ClockOffsetNs!.Value, 3_000_000_000, 3_015_000_000);
        Assert.InRange(bench.Device.ClockDriftPpm!.Value, 20, 80);
    }

    // Whatever the chunk: all but when it came in, and times to the nanoseconds that stamps are rounded to.
    private static (long, float?, uint, long) State(SignalStatus status) => ((status.TimeUnixNs + 500) / 1000, status.HeartRateBpm, status.LeadsOff, status.UnknownNs);

    private static void AssertNear(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++)
        {
            Assert.True(Math.Abs(expected[n] - actual[n]) <= tolerance, $"sample {n}: {expected[n]} and {actual[n]}");
        }
    }
}
