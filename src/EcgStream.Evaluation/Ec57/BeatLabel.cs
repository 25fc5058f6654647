namespace EcgStream.Evaluation.Ec57;

/// <summary>Labels of a beat pair: the five classes of EC57, and what stands for a beat that the other side does not have.</summary>
internal enum BeatLabel
{
    N = 0,
    S = 1,
    V = 2,
    F = 3,
    Q = 4,

    /// <summary>No beat.</summary>
    O = 5,

    /// <summary>No beat, and the signal was declared unreadable there.</summary>
    X = 6,
}
