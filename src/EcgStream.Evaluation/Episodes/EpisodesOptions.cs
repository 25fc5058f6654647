using EcgStream.Formats;

namespace EcgStream.Evaluation.Episodes;

/// <summary>What <c>ecgeval episodes</c> was asked for.</summary>
/// <param name="Records">Names; empty for all.</param>
/// <param name="LearningSeconds">Not compared at each record's start.</param>
/// <param name="LeastSeconds">Shorter episodes of the reference are left out: neither missed nor, where they are told, false.</param>
/// <param name="Annotator">Extension of the annotations of records without signals.</param>
/// <param name="Reading">How recordings are read.</param>
/// <param name="Models">Folder of the beat models; null for the shipped ones.</param>
internal sealed record EpisodesOptions(
    string Folder, string Output, IReadOnlyCollection<string> Records, double LearningSeconds, double LeastSeconds,
    string Annotator, string? Models, int? Workers, RecordingDefaults Reading);
