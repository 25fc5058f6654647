using EcgStream.Client.Streaming;

namespace EcgStream.Simulator.Replay;

/// <summary>What became of one record.</summary>
/// <param name="Device">Device that it was streamed as; empty when it could not be read.</param>
/// <param name="Record">Name without folder and extension.</param>
/// <param name="Label">True label as a name, where labels were given.</param>
/// <param name="Prediction">What the counted model said, where it answered.</param>
/// <param name="Message">Why it did not end well; null when it did.</param>
public sealed record RecordOutcome(
    string Device, string Record, string? Label, RecordStatus Status, RecordPrediction? Prediction, DeviceStreamTotals Chunks, string? Message)
{
    /// <summary>What the reader assumed, chose or left out, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether the prediction is the label; null without one of them.</summary>
    public bool? Correct => Label is { } label && Prediction is { } prediction ? LabelNames.Matches(label, prediction) : null;
}
