using EcgStream.Formats;

namespace EcgStream.Evaluation.Episodes;

/// <summary>What <c>ecgeval episodes</c> was asked for.</summary>
/// <param name="Records">Names; empty for all.</param>
/// <param name="LearningSeconds">Not compared at each record's start.</param>
/// <param name="Reading">How recordings are read.</param>
/// <param name="Models">Folder of the beat models; null for the shipped ones.</param>
internal sealed record EpisodesOptions(
    string Folder, string Output, IReadOnlyCollection<string> Records, double LearningSeconds, string? Models, int? Workers, RecordingDefaults Reading);
