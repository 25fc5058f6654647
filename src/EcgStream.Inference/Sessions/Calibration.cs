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
    /// <param name="card">Temperature, bounds, order and snap, applied in this order.</param>
    public static void Apply(Span<float> scores, int labels, ScoreKind kind, CardPostprocessing card)
    {
        if (card.Temperature != 1)
        {
            for (var row = 0; row < scores.Length; row += labels)
            {
                Temper(scores.Slice(row, labels), kind, card.Temperature);
            }
        }

        if (card.Clip is { } clip)
        {
            Replace(scores, clip, clip);
        }

        if (card.Vote is CardVote.Ordered ordered)
        {
            for (var row = 0; row < scores.Length; row += labels)
            {
                Choose(scores.Slice(row, labels), ordered);
            }
        }

        if (card.Snap is { } snap)
        {
            Replace(scores, snap, (0, 1));
        }
    }

    private static void Replace(Span<float> scores, (double Low, double High) bounds, (double Low, double High) values)
    {
        foreach (ref var score in scores)
        {
            // Not Math.Clamp: a score that is no number must stay one, to be seen.
            score = score < bounds.Low ? (float)values.Low : score > bounds.High ? (float)values.High : score;
        }
    }

    private static void Choose(Span<float> row, CardVote.Ordered vote)
    {
        foreach (var score in row)
        {
            if (!float.IsFinite(score))
            {
                return; // a one-hot would hide it
            }
        }

        for (var place = 0; place < row.Length; place++)
        {
            var chosen = vote.Order[place];
            if (row[chosen] > vote.Threshold)
            {
                row.Clear();
                row[chosen] = 1;
                return;
            }
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
