using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>What <c>ecgeval rhythm</c> was asked for.</summary>
/// <param name="Folders">Each with a REFERENCE.csv.</param>
/// <param name="Models">Folder of the shipped model; null for the one beside the program.</param>
/// <param name="Folds">Folder of models that were each trained without a part of the records; null for the shipped model.</param>
internal sealed record RhythmOptions(
    IReadOnlyList<string> Folders, string Output, RhythmMix Mix, string? Models, string? Folds, int? Workers, RecordingDefaults? Reading = null);
