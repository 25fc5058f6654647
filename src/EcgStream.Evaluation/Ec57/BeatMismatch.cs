namespace EcgStream.Evaluation.Ec57;

/// <summary>A pair whose labels differ.</summary>
/// <param name="At">Sample of the beat that there is, the test's where there are both.</param>
internal readonly record struct BeatMismatch(long At, BeatLabel Reference, BeatLabel Test);
