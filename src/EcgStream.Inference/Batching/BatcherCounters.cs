using EcgStream.Core.Results;

namespace EcgStream.Inference.Batching;

/// <summary>Counts what one model does, for the metrics and for <see cref="BatcherStatus"/> alike. Any thread.</summary>
internal sealed class BatcherCounters
{
    private static readonly string[] ReasonTags = ["queue_full", "failed", "not_finite", "stopped"];
    private readonly InferenceMetrics _metrics;
    private readonly KeyValuePair<string, object?> _model;
    private readonly KeyValuePair<string, object?>[] _reasons;
    private long _windows;
    private long _batches;
    private long _dropped;
    private long _failedBatches;
    private long _sinkFailures;

    public BatcherCounters(InferenceMetrics metrics, string model)
    {
        _metrics = metrics;
        _model = new("model", model);
        _reasons = [.. ReasonTags.Select(reason => new KeyValuePair<string, object?>("reason", reason))];
    }

    public void Dropped(DropReason reason)
    {
        Interlocked.Increment(ref _dropped);
        _metrics.Dropped.Add(1, _model, _reasons[(int)reason]);
    }

    public void WindowQueued(TimeSpan wait) => _metrics.Queue.Record(wait.TotalSeconds, _model);

    public void WindowPublished()
    {
        Interlocked.Increment(ref _windows);
        _metrics.Windows.Add(1, _model);
    }

    public void SinkFailed()
    {
        Interlocked.Increment(ref _sinkFailures);
        _metrics.SinkFailures.Add(1, _model);
    }

    public void BatchRan(int size, TimeSpan prepare, TimeSpan infer, TimeSpan publish)
    {
        Interlocked.Increment(ref _batches);
        _metrics.Batches.Add(1, _model);
        _metrics.BatchSize.Record(size, _model);
        _metrics.Prepare.Record(prepare.TotalSeconds, _model);
        _metrics.Infer.Record(infer.TotalSeconds, _model);
        _metrics.Publish.Record(publish.TotalSeconds, _model);
    }

    public void BatchFailed() => Interlocked.Increment(ref _failedBatches);

    public BatcherStatus Status(ModelIdentity model, LiveClassifier classifier, int depth, string? fault, ModelState state, TimeSpan lag) => new(
        model.Name,
        model.Version,
        classifier.Device,
        Interlocked.Read(ref _windows),
        Interlocked.Read(ref _batches),
        Interlocked.Read(ref _dropped),
        Interlocked.Read(ref _failedBatches),
        Interlocked.Read(ref _sinkFailures),
        depth,
        fault,
        state,
        lag,
        classifier.Reloads,
        classifier.GpuFault);
}
