using EcgStream.Formats;

namespace EcgStream.Evaluation.Ec57;

/// <summary>What <c>ec57</c> was asked for.</summary>
/// <param name="Folder">Records with reference annotations.</param>
/// <param name="Output">Where annotations and report go; null for none.</param>
/// <param name="Extension">Of the test annotations.</param>
/// <param name="Records">Names to score; empty for all.</param>
/// <param name="LearningSeconds">How much of each record's begin is not compared; the standard's is 300.</param>
/// <param name="Reading">What the files do not say; null for <see cref="Pipeline.RecordFolder.Defaults"/>.</param>
/// <param name="Workers">Records at a time; null for one per core.</param>
internal sealed record Ec57Options(
    string Folder, string? Output, string Extension, IReadOnlyCollection<string> Records, double LearningSeconds, int? Workers, RecordingDefaults? Reading = null)
{
    public bool IsStandard => LearningSeconds == ScoredSpan.LearningSeconds;
}
