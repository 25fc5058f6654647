using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Rhythm;

namespace EcgStream.Evaluation.Tests.Rhythm;

public sealed class RhythmMixTests
{
    // Of 100 normal, 50 fibrillating, 20 other and 10 noisy records.
    private static readonly (RhythmClass Reference, RhythmClass Verdict, int Count)[] Counts =
    [
        (RhythmClass.Normal, RhythmClass.Normal, 90), (RhythmClass.Normal, RhythmClass.AtrialFibrillation, 10),
        (RhythmClass.AtrialFibrillation, RhythmClass.AtrialFibrillation, 40), (RhythmClass.AtrialFibrillation, RhythmClass.Other, 10),
        (RhythmClass.Other, RhythmClass.Other, 15), (RhythmClass.Other, RhythmClass.AtrialFibrillation, 5),
        (RhythmClass.Noisy, RhythmClass.Noisy, 10),
    ];

    [Fact]
    public void F1_AsGiven_CountsRecords()
    {
        var run = Run("given");

        Assert.Equal(2.0 * 40 / (50 + 55), run.F1(RhythmClass.AtrialFibrillation)!.Value, 9);
        Assert.Equal(2.0 * 15 / (20 + 25), run.F1(RhythmClass.Other)!.Value, 9);
    }

    [Fact]
    public void F1_MixOfTheRecordsThemselves_IsThatAsGiven()
    {
        foreach (var rhythm in RhythmClasses.All)
        {
            Assert.Equal(Run("given").F1(rhythm)!.Value, Run("100,50,20,10").F1(rhythm)!.Value, 9);
        }
    }

    [Fact]
    public void F1_NaturalMix_WeighsEachClassToItsShare()
    {
        var (hit, told, of) = (0.09 * 0.8, (0.59 * 0.1) + (0.09 * 0.8) + (0.28 * 0.25), 0.09);

        Assert.Equal(2 * hit / (told + of), Run("natural").F1(RhythmClass.AtrialFibrillation)!.Value, 9);
        Assert.Equal(Run("59,9,28,3").F1Mean, Run("natural").F1Mean, 9);
    }

    [Fact]
    public void AfPredictivity_Prevalence_FollowsBayes()
    {
        var run = Run("natural");
        var others = ((0.59 * 0.1) + (0.28 * 0.25)) / (0.59 + 0.28 + 0.03);

        Assert.Equal(0.8, run.AfSensitivity!.Value, 9);
        Assert.Equal(others, run.AfFalseShare!.Value, 9);
        Assert.Equal(0.05 * 0.8 / ((0.05 * 0.8) + (0.95 * others)), run.AfPredictivity(0.05)!.Value, 9);
    }

    [Fact]
    public void F1_ClassThatIsNotThere_LeavesTheOthersTheirProportions()
    {
        var mix = RhythmMix.TryParse("natural", out var natural) ? natural.Weights([10, 10, 0, 10]) : [];

        Assert.Equal(30, 10 * mix.Sum(), 9);
        Assert.Equal((0.59 / 0.09, 0.0), (mix[0] / mix[1], mix[2]));
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("0,0,0,0")]
    [InlineData("1,2,3,x")]
    [InlineData("1,2,3,-4")]
    [InlineData("1,2,3,NaN")]
    [InlineData("")]
    public async Task Rhythm_MixThatIsNone_EndsWithTwo(string text)
    {
        using var error = new StringWriter();
        var exit = await EcgEvalApp.RunAsync(
            ["rhythm", "nowhere", "--prevalence", text], new EvalContext(TextWriter.Null, error, Interactive: false, TimeProvider.System), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.Contains("--prevalence", error.ToString(), StringComparison.Ordinal);
    }

    private static RhythmRun Run(string mix) => new(
        [.. Counts.SelectMany(part => Enumerable.Range(0, part.Count).Select(_ => new RhythmOutcome("record", part.Reference, part.Verdict, default)))],
        RhythmMix.TryParse(mix, out var read) ? read : throw new ArgumentException(mix), "a model", CrossValidated: false, TimeSpan.Zero);
}
