using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>What <c>ecgeval rhythm</c> was asked for.</summary>
/// <param name="Models">Folder of the shipped model; null for the one beside the program.</param>
/// <param name="Folds">Folder of models that were each trained without a part of the records; null for the shipped model.</param>
internal sealed record RhythmOptions(string Folder, string Output, string? Models, string? Folds, int? Workers, RecordingDefaults? Reading = null);
