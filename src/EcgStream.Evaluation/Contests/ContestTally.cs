using System.Numerics;

namespace EcgStream.Evaluation.Contests;

/// <summary>
/// Counts of scored answers and the figures that come of them. One thread.
/// Accuracy: share of rows whose labels are exactly those of the reference. F1 of a label: 2·TP / (2·TP + FP + FN). Macro F1: the mean over the labels that occur in
/// the reference or in the answers; a label that occurs in neither has no F1. Micro F1: the same formula over the sums of all labels; where every row has one
/// label it equals the accuracy. Abs-sum: the sum of the rows' absolute errors.
/// </summary>
internal sealed class ContestTally
{
    public const int MaxLabels = 64;
    private readonly int[] _truePositive = new int[MaxLabels];
    private readonly int[] _falsePositive = new int[MaxLabels];
    private readonly int[] _falseNegative = new int[MaxLabels];
    private int _rows;
    private int _exact;
    private double _absSum;

    public ContestFigures Figures
    {
        get
        {
            double macro = 0;
            int occurring = 0, hits = 0, misses = 0;
            for (var label = 0; label < MaxLabels; label++)
            {
                var wrong = _falsePositive[label] + _falseNegative[label];
                if (_truePositive[label] + wrong == 0)
                {
                    continue;
                }

                occurring++;
                macro += F1(_truePositive[label], wrong);
                hits += _truePositive[label];
                misses += wrong;
            }

            return new ContestFigures(_absSum, _absSum / _rows, (double)_exact / _rows, macro / occurring, F1(hits, misses));
        }
    }

    public void Add(in ScoredAnswer row)
    {
        _rows++;
        _exact += row.Truth == row.Predicted ? 1 : 0;
        _absSum += row.AbsoluteError;
        Count(_truePositive, row.Truth & row.Predicted);
        Count(_falsePositive, row.Predicted & ~row.Truth);
        Count(_falseNegative, row.Truth & ~row.Predicted);
    }

    /// <summary>Rows of the reference that have the label.</summary>
    public int RowsOf(int label) => _truePositive[label] + _falseNegative[label];

    /// <summary>F1 of one label; not a number where it occurs nowhere.</summary>
    public double F1Of(int label) => F1(_truePositive[label], _falsePositive[label] + _falseNegative[label]);

    public void Clear()
    {
        Array.Clear(_truePositive);
        Array.Clear(_falsePositive);
        Array.Clear(_falseNegative);
        (_rows, _exact, _absSum) = (0, 0, 0);
    }

    private static double F1(int hits, int wrong) => 2.0 * hits / ((2.0 * hits) + wrong);

    private static void Count(int[] counts, ulong labels)
    {
        for (; labels != 0; labels &= labels - 1)
        {
            counts[BitOperations.TrailingZeroCount(labels)]++;
        }
    }
}
