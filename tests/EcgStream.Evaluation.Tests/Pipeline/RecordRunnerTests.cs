using EcgStream.Core.Signals;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Synth;

namespace EcgStream.Evaluation.Tests.Pipeline;

public sealed class RecordRunnerTests
{
    [Theory]
    [InlineData(250)]
    [InlineData(257)]
    [InlineData(300)]
    [InlineData(360)]
    [InlineData(500)]
    [InlineData(1000)]
    public void Run_AtAnyRate_FindsTheBeatsAtTheRecordsOwnSamples(double rate)
    {
        var record = SyntheticRecord.Make("r", new SynthSpec { SampleRateHz = rate, Seed = 5, Leads = [Lead.MLII, Lead.V5] }, (int)(60.3 * rate));
        var sink = new CollectingSink();
        var totals = new RecordRunner().Run(record, sink, cancellation: TestContext.Current.CancellationToken);
        long[] truth = [.. record.Info.Annotations!.Value.Where(annotation => annotation.IsBeat && annotation.SampleIndex > rate).Select(annotation => annotation.SampleIndex)];
        long[] found = [.. sink.Beats.Select(beat => totals.Time.SampleAt(beat.TimeUnixNs)).Where(sample => sample > rate)];

        // The very last sample may be the upstroke of a beat that is over only behind the end.
        Assert.InRange(found.Length, truth.Length - 1, truth.Length);
        Assert.All(found.Zip(truth), pair => Assert.InRange(pair.First - pair.Second, -0.02 * rate, 0.02 * rate));
        Assert.Empty(sink.Gaps);
        Assert.Equal((0L, 0L, 0L, 0L), (totals.Counters.Late, totals.Counters.Duplicate, totals.Counters.Missing, totals.Counters.ClockSteps));
    }

    [Fact]
    public void Run_BeatRightBeforeTheEnd_ComesOut()
    {
        var rate = 360;
        var whole = SyntheticRecord.Make("r", new SynthSpec { SampleRateHz = rate, Seed = 5, Leads = [Lead.MLII] }, 60 * rate);
        var last = whole.Info.Annotations!.Value.Last(annotation => annotation.IsBeat && annotation.SampleIndex < 59 * rate).SampleIndex;
        var cut = Recording.FromDigital(whole.Info, [whole.Digital(0)[..(int)(last + (rate / 10))].ToArray()], [whole.Scale(0)]);
        var sink = new CollectingSink();
        var totals = new RecordRunner().Run(cut, sink, cancellation: TestContext.Current.CancellationToken);

        Assert.InRange(totals.Time.SampleAt(sink.Beats[^1].TimeUnixNs) - last, -8, 8);
        Assert.All(sink.Vitals, second => Assert.True(second.EndUnixNs <= totals.Time.EndUnixNs + 2_000_000));
        Assert.All(sink.Status, status => Assert.True(status.TimeUnixNs <= totals.Time.EndUnixNs + 2_000_000));
    }

    [Fact]
    public void Run_Twice_GivesTheSame()
    {
        var record = SyntheticRecord.Make("r", new SynthSpec { SampleRateHz = 257, Seed = 6, Leads = [Lead.MLII, Lead.V1] }, 257 * 40);
        var runner = new RecordRunner();
        CollectingSink first = new(), second = new();
        runner.Run(record, first, cancellation: TestContext.Current.CancellationToken);
        runner.Run(record, second, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(first.Beats, second.Beats);
        Assert.Equal(first.Vitals, second.Vitals);
    }

    [Fact]
    public void Run_LeadsOfDifferentScale_AreBroughtToOne()
    {
        var record = SyntheticRecord.Make("r", new SynthSpec { SampleRateHz = 500, Seed = 7, Leads = [Lead.MLII, Lead.V1] }, 500 * 30);
        var halved = Array.ConvertAll(record.Digital(1).ToArray(), sample => (short)((sample / 2) + 100));
        var other = Recording.FromDigital(record.Info, [record.Digital(0).ToArray(), halved], [record.Scale(0), new LeadScale(2 * record.Scale(1).GainMicrovoltsPerLsb, 100)]);
        CollectingSink first = new(), second = new();
        var runner = new RecordRunner();
        runner.Run(record, first, cancellation: TestContext.Current.CancellationToken);
        runner.Run(other, second, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(first.Beats.Select(beat => beat.TimeUnixNs), second.Beats.Select(beat => beat.TimeUnixNs));
    }

    [Fact]
    public void Run_MissingSamples_HoldTheValueBeforeAndAreCounted()
    {
        var record = SyntheticRecord.Make("r", new SynthSpec { SampleRateHz = 500, Seed = 7, Leads = [Lead.MLII] }, 500 * 30);
        var samples = record.Digital(0).ToArray();
        samples.AsSpan(5000, 1000).Fill(Recording.MissingSampleLsb);
        var sink = new CollectingSink();
        var totals = new RecordRunner().Run(Recording.FromDigital(record.Info, [samples], [record.Scale(0)]), sink, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1000, totals.MissingSamples);
        Assert.DoesNotContain(sink.Beats, beat => totals.Time.SampleAt(beat.TimeUnixNs) is > 5100 and < 5990);
        Assert.NotEqual(0u, sink.Vitals[10].Quality.Flat | sink.Vitals[10].LeadsOff);
    }

    [Fact]
    public void Run_FasterThanADeviceSends_IsRefused()
    {
        var info = new RecordingInfo { Name = "r", SourcePath = "r", SampleRateHz = 1500, Leads = [Lead.II] };

        Assert.Throws<RecordingFormatException>(() => new RecordRunner().Run(Recording.FromDigital(info, [new short[9000]], [new LeadScale(5, 0)]), new CollectingSink()));
    }

    [Fact]
    public async Task Map_ManyItems_KeepsTheirOrderAndReportsProgress()
    {
        using var error = new StringWriter();
        var context = new Cli.EvalContext(TextWriter.Null, error, Interactive: false, TimeProvider.System);
        int[] items = [.. Enumerable.Range(0, 100)];
        var results = await RecordMap.RunAsync(context, "items", items, (item, _) => item * item, TestContext.Current.CancellationToken, workers: 4);

        Assert.Equal(items.Select(item => item * item), results);
        Assert.Contains("items: 100 of 100", error.ToString(), StringComparison.Ordinal);
    }
}
