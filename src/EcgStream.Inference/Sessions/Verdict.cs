using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>What a model's probabilities come to under its card's threshold.</summary>
/// <param name="PredictedIndex">The most probable label on the side that the threshold chooses, abnormal or not.</param>
/// <param name="Abnormal">Whether the threshold is reached.</param>
/// <param name="AbnormalScore">Probability of anything abnormal: of a softmax the sum, else the largest of the abnormal labels.</param>
public readonly record struct Verdict(int PredictedIndex, bool Abnormal, float AbnormalScore)
{
    public static Verdict Of(ReadOnlySpan<float> scores, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
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

            if (labels[index].Abnormal)
            {
                abnormalScore = card.Output.Kind == ScoreKind.Softmax ? abnormalScore + scores[index] : Math.Max(abnormalScore, scores[index]);
            }
        }

        // Rounding may bring a sum of probabilities a hair above 1.
        var probability = (float)Math.Min(abnormalScore, 1);
        var abnormal = bestAbnormal >= 0 && probability >= card.AbnormalThreshold;
        return new Verdict(abnormal ? bestAbnormal : bestNormal, abnormal, probability);
    }
}
