using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>What a card's post-processing does to probabilities.</summary>
internal static class Calibration
{
    // exp(-87) is the smallest normal float; a probability of 0 has no logarithm.
    private const double Smallest = 1e-38;

    /// <param name="scores">Probabilities, row by row; changed in place.</param>
    /// <param name="labels">Scores per row.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="card">Temperature and bounds.</param>
    public static void Apply(Span<float> scores, int labels, ScoreKind kind, CardPostprocessing card)
    {
        if (card.Temperature != 1)
        {
            for (var row = 0; row < scores.Length; row += labels)
            {
                Temper(scores.Slice(row, labels), kind, card.Temperature);
            }
        }

        if (card.Clip is not { } clip)
        {
            return;
        }

        foreach (ref var score in scores)
        {
            // Not Math.Clamp: a score that is no number must stay one, to be seen.
            score = score < clip.Low ? (float)clip.Low : score > clip.High ? (float)clip.High : score;
        }
    }

    /// <summary>
    /// Divides the logits by the temperature (Guo and others 2017). Of a softmax the logarithms serve as logits, for they differ from them by
    /// the same constant in every label.
    /// </summary>
    private static void Temper(Span<float> row, ScoreKind kind, double temperature)
    {
        var sum = 0.0;
        foreach (ref var score in row)
        {
            var p = Math.Max(score, Smallest);
            score = kind == ScoreKind.Softmax
                ? (float)Math.Exp(Math.Log(p) / temperature)
                : (float)(1 / (1 + Math.Exp(-(Math.Log(p) - Math.Log(Math.Max(1 - (double)score, Smallest))) / temperature)));
            sum += score;
        }

        if (kind != ScoreKind.Softmax)
        {
            return;
        }

        foreach (ref var score in row)
        {
            score = (float)(score / sum);
        }
    }
}
