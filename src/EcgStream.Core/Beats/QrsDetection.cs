namespace EcgStream.Core.Beats;

/// <summary>A QRS complex as the detector saw it.</summary>
/// <param name="Sample">Middle of the complex, index of the filtered sample since the detector's reset.</param>
/// <param name="SearchedBack">Found late, when a beat was overdue.</param>
internal readonly record struct QrsDetection(long Sample, bool SearchedBack);
