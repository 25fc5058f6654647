using System.Numerics;

namespace EcgStream.Evaluation.Contests;

/// <summary>One row of the reference beside its answer.</summary>
/// <param name="Truth">A bit per label.</param>
/// <param name="Predicted">The same, of the answer.</param>
/// <param name="AbsoluteError">Σ over labels of |truth − probability|; without probabilities, the number of labels that differ.</param>
internal readonly record struct ScoredAnswer(ulong Truth, ulong Predicted, double AbsoluteError)
{
    public static ScoredAnswer Of(Answer truth, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(answer);
        double error = BitOperations.PopCount(truth.Labels ^ answer.Labels);
        if (answer.Probabilities is { } probabilities)
        {
            error = 0;
            for (var label = 0; label < probabilities.Length; label++)
            {
                error += Math.Abs((((truth.Labels >> label) & 1) == 1 ? 1 : 0) - probabilities[label]);
            }
        }

        return new ScoredAnswer(truth.Labels, answer.Labels, error);
    }
}
