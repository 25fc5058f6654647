using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Tests.Ec57;

public sealed class RunAndRateComparisonTests
{
    private const int S = Tracks.Start;

    [Theory]
    [InlineData("NVVN", "NVVN", "1/1", "1/1", "0/0", "0/0", "0/0", "0/0")]
    [InlineData("NVVN", "NVNN", "0/1", "0/0", "0/0", "0/0", "0/0", "0/0")]
    [InlineData("NVVN", "NVVVN", "1/1", "0/0", "0/0", "0/1", "0/0", "0/0")]
    [InlineData("NVVVVN", "NVVVVN", "0/0", "0/0", "1/1", "1/1", "0/0", "0/0")]
    [InlineData("NVVVVN", "NVVNVN", "0/0", "1/1", "0/1", "0/0", "0/0", "0/0")]
    [InlineData("NVVVVVVVVN", "NVVVVVVVVN", "0/0", "0/0", "0/0", "0/0", "1/1", "1/1")]
    [InlineData("NVVVVVVVVN", "NVVVNVVVVN", "0/0", "0/0", "0/0", "2/2", "0/1", "0/0")]
    [InlineData("NFVN", "NVVN", "1/1", "1/1", "0/0", "0/0", "0/0", "0/0")]
    public void Compare_VentricularRuns_AreCountedByTheirLength(
        string reference, string test, string coupletSe, string coupletPp, string shortSe, string shortPp, string longSe, string longPp)
    {
        var table = RunComparison.Compare(Track(reference, RunKind.Ventricular), Track(test, RunKind.Ventricular), Tracks.Span);

        Assert.Equal(
            [coupletSe, coupletPp, shortSe, shortPp, longSe, longPp],
            new[] { table.CoupletSensitivity, table.CoupletPredictivity, table.ShortSensitivity, table.ShortPredictivity, table.LongSensitivity, table.LongPredictivity }
                .Select(ratio => $"{ratio.Of}/{ratio.Total}"));
    }

    [Fact]
    public void Compare_FlutterAgainstBeats_CountsAsALongestRun()
    {
        var reference = new RunTrack(Tracks.Annotations(('N', 1000), ('[', S + 1000), (']', S + 3000), ('N', S + 3300)), RunKind.Ventricular);
        var test = new RunTrack(Tracks.Annotations([('N', 1000), .. Enumerable.Range(0, 8).Select(beat => ('V', S + 1000L + (beat * 250))), ('N', S + 3300)]), RunKind.Ventricular);
        var table = RunComparison.Compare(reference, test, Tracks.Span);

        Assert.Equal((new Ratio(1, 1), new Ratio(1, 1)), (table.LongSensitivity, table.LongPredictivity));
    }

    [Fact]
    public void Compare_AtrialFibrillation_IsASupraventricularRunButNoVentricularOne()
    {
        (char, long)[] marks = [('N', 1000), ('{', S + 1000), ('N', S + 1100), ('N', S + 1500), ('N', S + 1800), ('}', S + 2000), ('N', S + 2300), ('N', S + 2600)];
        var of = Tracks.Annotations(marks);
        var supraventricular = RunComparison.Compare(new RunTrack(of, RunKind.Supraventricular), new RunTrack(of, RunKind.Supraventricular), Tracks.Span);
        var ventricular = RunComparison.Compare(new RunTrack(of, RunKind.Ventricular), new RunTrack(of, RunKind.Ventricular), Tracks.Span);

        Assert.Equal(new Ratio(1, 1), supraventricular.LongSensitivity);
        Assert.Equal(new Ratio(0, 0), ventricular.LongSensitivity);
    }

    [Fact]
    public void Compare_RunInTheLearningPeriod_IsNotCounted()
    {
        var marks = Tracks.Annotations(('N', 1000), ('V', 2000), ('V', 2300), ('N', 2600), ('N', S + 100));
        var table = RunComparison.Compare(new RunTrack(marks, RunKind.Ventricular), new RunTrack(marks, RunKind.Ventricular), Tracks.Span);

        Assert.Equal(new Ratio(0, 0), table.CoupletSensitivity);
    }

    [Fact]
    public void CompareRates_KnownSeries_GivesTheErrorInPercentOfTheMean()
    {
        RateMeasurement[] reference = [new(S + 100, 60), new(S + 460, 80), new(S + 820, 100)];
        RateMeasurement[] test = [new(100, 200), new(S + 110, 63), new(S + 450, 80), new(S + 800, 96)];
        var rate = RateComparison.Compare(reference, test, Tracks.Span);

        Assert.Equal(3, rate.Count);
        Assert.Equal(80, rate.MeanReference, 9);
        Assert.Equal(100 * Math.Sqrt((9 + 0 + 16) / 3.0) / 80, rate.NormalizedPercent!.Value, 9);
    }

    private static RunTrack Track(string beats, RunKind kind) =>
        new(Tracks.Annotations([('N', 1000), .. beats.Select((beat, index) => (beat, S + 500 + (300L * index)))]), kind);
}
