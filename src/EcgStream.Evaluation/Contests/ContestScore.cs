using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;

namespace EcgStream.Evaluation.Contests;

/// <summary>Answers against their reference: figures, their intervals, and those of each label.</summary>
internal sealed class ContestScore
{
    private const int ResamplesAtATime = 50;

    private ContestScore(IReadOnlyList<string> labels, int rows, ContestTally tally, IReadOnlyList<ContestFigures> resamples, ulong seed)
    {
        (Labels, Rows, Tally, Seed) = (labels, rows, tally, seed);
        AbsSum = Of(tally.Figures.AbsSum, resamples, figures => figures.AbsSum);
        AbsSumPerRow = Of(tally.Figures.AbsSumPerRow, resamples, figures => figures.AbsSumPerRow);
        Accuracy = Of(tally.Figures.Accuracy, resamples, figures => figures.Accuracy);
        MacroF1 = Of(tally.Figures.MacroF1, resamples, figures => figures.MacroF1);
        MicroF1 = Of(tally.Figures.MicroF1, resamples, figures => figures.MicroF1);
    }

    public IReadOnlyList<string> Labels { get; }

    public int Rows { get; }

    public ulong Seed { get; }

    /// <summary>Rows and F1 of each label.</summary>
    public ContestTally Tally { get; }

    public (double Value, double Low, double High) AbsSum { get; }

    public (double Value, double Low, double High) AbsSumPerRow { get; }

    public (double Value, double Low, double High) Accuracy { get; }

    public (double Value, double Low, double High) MacroF1 { get; }

    public (double Value, double Low, double High) MicroF1 { get; }

    public static async Task<ContestScore> OfAsync(EvalContext context, IReadOnlyList<string> labels, ScoredAnswer[] rows, ulong seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var tally = new ContestTally();
        foreach (ref readonly var row in rows.AsSpan())
        {
            tally.Add(in row);
        }

        var blocks = Enumerable.Range(0, Bootstrap.Resamples).Chunk(ResamplesAtATime).ToList();
        var resamples = await RecordMap.RunAsync(context, "bootstrap", blocks, (block, token) => Resample(rows, seed, block, token), cancellation);
        return new ContestScore(labels, rows.Length, tally, [.. resamples.SelectMany(block => block)], seed);
    }

    private static ContestFigures[] Resample(ScoredAnswer[] rows, ulong seed, int[] numbers, CancellationToken cancellation)
    {
        var tally = new ContestTally();
        return Array.ConvertAll(numbers, number =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Bootstrap.Resample(rows, seed, number, tally);
        });
    }

    private static (double Value, double Low, double High) Of(double value, IReadOnlyList<ContestFigures> resamples, Func<ContestFigures, double> figure)
    {
        var (low, high) = Bootstrap.Interval(resamples.Select(figure));
        return (value, low, high);
    }
}
