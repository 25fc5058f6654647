using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>Whether what a graph gives is what its card calls it.</summary>
internal static class ScoreCheck
{
    private const double SumTolerance = 1e-3;

    /// <param name="scores">As they leave the graph, row by row.</param>
    /// <param name="labels">Scores per row.</param>
    /// <param name="kind">What the card calls them.</param>
    /// <exception cref="InvalidDataException">They are no probabilities of that kind.</exception>
    public static void Probabilities(ReadOnlySpan<float> scores, int labels, ScoreKind kind)
    {
        for (var row = 0; row < scores.Length; row += labels)
        {
            var sum = 0.0;
            foreach (var score in scores.Slice(row, labels))
            {
                if (!(score >= 0 && score <= 1))
                {
                    throw new InvalidDataException($"a score of {score}, which is no probability; the graph must end with {kind}");
                }

                sum += score;
            }

            if (kind == ScoreKind.Softmax && Math.Abs(sum - 1) > SumTolerance)
            {
                throw new InvalidDataException($"scores that sum to {sum}, not to 1 as those of a softmax do");
            }
        }
    }
}
