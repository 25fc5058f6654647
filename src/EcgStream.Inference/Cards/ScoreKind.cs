namespace EcgStream.Inference.Cards;

/// <summary>What a model's output is. Probabilities both; the model's graph ends with the function itself.</summary>
public enum ScoreKind
{
    /// <summary>One label of several: the scores of a window sum to 1.</summary>
    Softmax,

    /// <summary>Any of several labels: each score stands for itself.</summary>
    Sigmoid,
}
