namespace EcgStream.Evaluation.Rhythm;

/// <param name="Record">Name of the record.</param>
/// <param name="Problem">Why it could not be scored; it counts as noisy then.</param>
internal sealed record RhythmOutcome(string Record, RhythmClass Reference, RhythmClass Verdict, RhythmEvidence Evidence, string? Problem = null);
