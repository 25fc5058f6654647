namespace EcgStream.Evaluation.Ec57;

/// <summary>Which part of a record is compared, and how close two beats must be.</summary>
/// <param name="Start">First sample behind the learning period.</param>
/// <param name="End">Last sample.</param>
/// <param name="Match">The match window in samples.</param>
internal readonly record struct ScoredSpan(long Start, long End, long Match)
{
    /// <summary>The standard's: 5 minutes are for learning.</summary>
    public const double LearningSeconds = 300;

    /// <summary>The standard's: 150 ms.</summary>
    public const double MatchSeconds = 0.150;

    public static ScoredSpan Of(double sampleRateHz, long samples, double learningSeconds = LearningSeconds) => new(
        (long)((learningSeconds * sampleRateHz) + 0.5), samples, (long)((MatchSeconds * sampleRateHz) + 0.5));
}
