namespace EcgStream.Inference.Batching;

/// <summary>Where one model stands; totals since the start.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Windows">Windows whose result was published.</param>
/// <param name="Batches">Batches that ran.</param>
/// <param name="Dropped">Windows without a result, whatever the reason.</param>
/// <param name="FailedBatches">Batches that failed.</param>
/// <param name="SinkFailures">Results that a receiver failed on.</param>
/// <param name="QueueDepth">Windows that wait now.</param>
/// <param name="Fault">What the last batch failed on; null once one has run again.</param>
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
    string? Fault);
