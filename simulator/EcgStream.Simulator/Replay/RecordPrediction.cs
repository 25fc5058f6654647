namespace EcgStream.Simulator.Replay;

/// <summary>What one model said of a whole record.</summary>
/// <param name="Label">
/// The label that all windows got, where they agree (it holds the model's own thresholds); else that with the largest mean score.
/// </param>
/// <param name="Abnormal">Whether the card calls that label abnormal.</param>
/// <param name="Labels">The model's labels.</param>
/// <param name="Scores">Mean score of each label over the windows.</param>
/// <param name="Windows">Windows that were answered.</param>
/// <param name="FirstResultMs">From the record's first chunk to its first result.</param>
public sealed record RecordPrediction(
    string Model, string ModelVersion, string Label, bool Abnormal, IReadOnlyList<string> Labels, IReadOnlyList<double> Scores, int Windows, double FirstResultMs);
