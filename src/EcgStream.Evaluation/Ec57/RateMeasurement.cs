namespace EcgStream.Evaluation.Ec57;

/// <summary>A heart rate as an annotator states it.</summary>
/// <param name="At">Sample.</param>
/// <param name="BeatsPerMinute">By the averaging rule of <see cref="Core.Vitals.HeartRateMeter"/>.</param>
internal readonly record struct RateMeasurement(long At, double BeatsPerMinute);
