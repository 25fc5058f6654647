using EcgStream.Core.Beats;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Results;

/// <summary>What a model said of one window. (DeviceId, Model.Name, StartUnixNs) is its identity: writing it twice changes nothing.</summary>
/// <param name="Model">Name, version and labels of the model; one instance per loaded model.</param>
/// <param name="StartUnixNs">Device clock of the window's first sample.</param>
/// <param name="EndUnixNs">Device clock of the end of its last sample.</param>
/// <param name="Scores">Calibrated probabilities, in the order of <see cref="ModelIdentity.Labels"/>.</param>
/// <param name="PredictedIndex">Index of the label that the model's thresholds choose.</param>
/// <param name="Abnormal">Whether the card calls that label abnormal.</param>
/// <param name="AbnormalScore">Probability of anything abnormal, 0 to 1.</param>
/// <param name="IngestTimestamp">Timestamp at which the deciding chunk came in.</param>
/// <param name="PublishedTimestamp">Timestamp at which this result left the classifier.</param>
public sealed record RhythmResult(
    string DeviceId,
    ulong SessionId,
    ModelIdentity Model,
    long StartUnixNs,
    long EndUnixNs,
    IReadOnlyList<float> Scores,
    int PredictedIndex,
    bool Abnormal,
    float AbnormalScore,
    WindowMarks Marks,
    long IngestTimestamp,
    long PublishedTimestamp)
{
    /// <summary>The beat that the window shows; null for a rhythm window. It is not stored with the result.</summary>
    public Beat? Beat { get; init; }
}
