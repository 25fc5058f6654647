using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// What a model's probabilities come to under its card's thresholds. <c>verdict</c> in <c>src/training/predict.py</c> is the same rule.
/// Softmax: abnormal when the abnormal labels' sum reaches the threshold; predicted is the most probable label on that side, which with more than two labels
/// need not be the most probable of all.
/// Sigmoid: a label is found from its own threshold on; abnormal when any abnormal label is found; predicted is of those the one of the highest alarm priority, of
/// equals the most probable; where none is found, the most probable label that is not abnormal.
/// </summary>
/// <param name="PredictedIndex">The label that stands for the window.</param>
/// <param name="Abnormal">Whether it is abnormal.</param>
/// <param name="AbnormalScore">
/// Of a softmax the probability of anything abnormal; of a sigmoid that of the predicted label where it is abnormal, else the largest of the abnormal labels.
/// </param>
public readonly record struct Verdict(int PredictedIndex, bool Abnormal, float AbnormalScore)
{
    public static Verdict Of(ReadOnlySpan<float> scores, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Output.Kind == ScoreKind.Softmax ? OfOne(scores, card) : OfSeveral(scores, card);
    }

    private static Verdict OfOne(ReadOnlySpan<float> scores, ModelCard card)
    {
        var labels = card.Output.Labels;
        double abnormalScore = 0;
        int bestAbnormal = -1, bestNormal = -1;
        for (var index = 0; index < scores.Length; index++)
        {
            ref var best = ref labels[index].Abnormal ? ref bestAbnormal : ref bestNormal;
            if (best < 0 || scores[index] > scores[best])
            {
                best = index;
            }

            abnormalScore += labels[index].Abnormal ? scores[index] : 0;
        }

        // Rounding may bring a sum of probabilities a hair above 1.
        var probability = (float)Math.Min(abnormalScore, 1);
        var abnormal = bestAbnormal >= 0 && probability >= card.AbnormalThreshold;
        return new Verdict(abnormal ? bestAbnormal : bestNormal, abnormal, probability);
    }

    private static Verdict OfSeveral(ReadOnlySpan<float> scores, ModelCard card)
    {
        var labels = card.Output.Labels;
        int worst = -1, bestNormal = -1;
        float largest = 0;
        for (var index = 0; index < scores.Length; index++)
        {
            var label = labels[index];
            if (!label.Abnormal)
            {
                bestNormal = bestNormal < 0 || scores[index] > scores[bestNormal] ? index : bestNormal;
                continue;
            }

            largest = Math.Max(largest, scores[index]);
            if (scores[index] >= card.ThresholdOf(label)
                && (worst < 0 || (label.Severity, scores[index]).CompareTo((labels[worst].Severity, scores[worst])) > 0))
            {
                worst = index;
            }
        }

        return worst >= 0 ? new Verdict(worst, true, scores[worst]) : new Verdict(bestNormal, false, largest);
    }
}
