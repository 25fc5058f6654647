namespace EcgStream.Inference.Batching;

/// <summary>Where one model stands; totals since the start.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Windows">Windows whose result was published.</param>
/// <param name="Batches">Batches that ran.</param>
/// <param name="Dropped">Windows without a result, whatever the reason.</param>
/// <param name="FailedBatches">Runs that failed; a batch that another classifier then answered counts here too.</param>
/// <param name="SinkFailures">Results that a receiver failed on.</param>
/// <param name="QueueDepth">Windows that wait now.</param>
/// <param name="Fault">What the last batch failed on; null once one has run again.</param>
/// <param name="State">Whether it answers.</param>
/// <param name="Lag">How long the oldest window has waited, in the queue or in the batch that runs.</param>
/// <param name="Reloads">How often it was loaded again after a failure.</param>
/// <param name="GpuFault">Why it has left the GPU; null when it has not.</param>
public sealed record BatcherStatus(
    string Model,
    string Version,
    string Device,
    long Windows,
    long Batches,
    long Dropped,
    long FailedBatches,
    long SinkFailures,
    int QueueDepth,
    string? Fault,
    ModelState State,
    TimeSpan Lag,
    long Reloads,
    string? GpuFault);

/// <summary>Whether a model answers. What is not Answering is worth a technical alarm: its windows have no results, or late ones.</summary>
public enum ModelState
{
    Answering,

    /// <summary>Windows wait longer than <see cref="InferenceOptions.LagLimit"/>, or are dropped because the queue is full.</summary>
    Behind,

    /// <summary>It failed, and loading it again has not helped yet. Its windows are refused at once, and counted.</summary>
    Failed,
}
