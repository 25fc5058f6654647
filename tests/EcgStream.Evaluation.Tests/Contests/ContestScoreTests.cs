using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Contests;

namespace EcgStream.Evaluation.Tests.Contests;

public sealed class ContestScoreTests
{
    private static readonly EvalContext Quiet = new(TextWriter.Null, TextWriter.Null, Interactive: false, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Random answers, single- and multi-label, against the definitions written out over sets.</summary>
    [Theory]
    [InlineData(1, 4, false)]
    [InlineData(2, 2, false)]
    [InlineData(3, 12, true)]
    [InlineData(4, 64, true)]
    public void Figures_RandomAnswers_EqualTheNaiveDefinitions(int seed, int labels, bool several)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 50)).Select(_ => new ScoredAnswer(Draw(random, labels, several), Draw(random, labels, several), random.NextDouble())).ToArray();
            var tally = new ContestTally();
            foreach (var row in rows)
            {
                tally.Add(in row);
            }

            var figures = tally.Figures;
            var byLabel = Enumerable.Range(0, labels).Select(label =>
            {
                var truth = rows.Select((row, index) => (row, index)).Where(pair => Has(pair.row.Truth, label)).Select(pair => pair.index).ToHashSet();
                var answer = rows.Select((row, index) => (row, index)).Where(pair => Has(pair.row.Predicted, label)).Select(pair => pair.index).ToHashSet();
                return (Hits: truth.Intersect(answer).Count(), Truth: truth.Count, Answers: answer.Count);
            }).ToList();
            var occurring = byLabel.Where(label => label.Truth + label.Answers > 0).ToList();
            Assert.Equal(occurring.Average(label => 2.0 * label.Hits / (label.Truth + label.Answers)), figures.MacroF1, 1e-12);
            Assert.Equal(2.0 * byLabel.Sum(label => label.Hits) / byLabel.Sum(label => label.Truth + label.Answers), figures.MicroF1, 1e-12);
            Assert.Equal((double)rows.Count(row => row.Truth == row.Predicted) / rows.Length, figures.Accuracy, 1e-12);
            Assert.Equal(rows.Sum(row => row.AbsoluteError), figures.AbsSum, 1e-9);
            Assert.Equal(figures.AbsSum / rows.Length, figures.AbsSumPerRow, 1e-12);
            for (var label = 0; label < labels; label++)
            {
                Assert.Equal(byLabel[label].Truth, tally.RowsOf(label));
            }

            if (!several)
            {
                Assert.Equal(figures.Accuracy, figures.MicroF1, 1e-12);
            }
        }
    }

    [Fact]
    public void Of_TheContestsOwnExample_IsSixTenths() =>
        Assert.Equal(0.6, ScoredAnswer.Of(new Answer("1", 2, 1UL << 1), new Answer("1", 2, 1UL << 1, [0.1, 0.7, 0.1, 0.1])).AbsoluteError, 1e-12);

    [Fact]
    public void Of_WithoutProbabilities_CountsTheLabelsThatDiffer() =>
        Assert.Equal(3, ScoredAnswer.Of(new Answer("1", 2, 0b0110), new Answer("1", 2, 0b1001 | 0b0100)).AbsoluteError);

    [Fact]
    public async Task Of_SameSeed_SameIntervalsWhateverTheThreads()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 200).Select(_ => new ScoredAnswer(Draw(random, 4, false), Draw(random, 4, false), random.NextDouble())).ToArray();
        var first = await ContestScore.OfAsync(Quiet, ["0", "1", "2", "3"], rows, 7, Cancellation);
        var second = await ContestScore.OfAsync(Quiet, ["0", "1", "2", "3"], rows, 7, Cancellation);
        var other = await ContestScore.OfAsync(Quiet, ["0", "1", "2", "3"], rows, 8, Cancellation);
        Assert.Equal((first.MacroF1, first.AbsSum), (second.MacroF1, second.AbsSum));
        Assert.NotEqual((first.AbsSum.Low, first.AbsSum.High), (other.AbsSum.Low, other.AbsSum.High));
        Assert.Equal(first.AbsSum.Low / 200, first.AbsSumPerRow.Low, 1e-9);
    }

    /// <summary>The share of right rows is binomial, whose interval is known: the bootstrap's must come near the normal approximation.</summary>
    [Fact]
    public async Task Of_AccuracyOfOneHalf_HasTheBinomialInterval()
    {
        var rows = Enumerable.Range(0, 400).Select(index => new ScoredAnswer(1, index % 2 == 0 ? 1UL : 2UL, 0)).ToArray();
        var score = await ContestScore.OfAsync(Quiet, ["0", "1"], rows, 1, Cancellation);
        Assert.Equal(0.5, score.Accuracy.Value);
        Assert.Equal(0.5 - (1.96 * 0.025), score.Accuracy.Low, 0.006);
        Assert.Equal(0.5 + (1.96 * 0.025), score.Accuracy.High, 0.006);
    }

    private static bool Has(ulong labels, int label) => ((labels >> label) & 1) == 1;

    private static ulong Draw(Random random, int labels, bool several)
    {
        var drawn = 1UL << random.Next(labels);
        while (several && random.Next(2) == 0)
        {
            drawn |= 1UL << random.Next(labels);
        }

        return drawn;
    }
}
