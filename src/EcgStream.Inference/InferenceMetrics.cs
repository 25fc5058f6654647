using System.Diagnostics.Metrics;

namespace EcgStream.Inference;

/// <summary>Instruments of the models. Tags: the model's name, and the reason of a drop; nothing of a patient or a device.</summary>
public sealed class InferenceMetrics
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };

    private readonly Meter _meter;

    public InferenceMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create("EcgStream");
        Windows = _meter.CreateCounter<long>("ecg.inference.windows", "{window}", "Windows whose result was published");
        Batches = _meter.CreateCounter<long>("ecg.inference.batches", "{batch}", "Batches that ran");
        Dropped = _meter.CreateCounter<long>("ecg.inference.dropped", "{window}", "Windows without a result, by reason");
        SinkFailures = _meter.CreateCounter<long>("ecg.inference.sink.failures", "{result}", "Results that a receiver failed on");
        BatchSize = _meter.CreateHistogram("ecg.inference.batch.size", "{window}", "Windows of a batch", advice: Sizes);
        Queue = _meter.CreateHistogram("ecg.inference.queue.duration", "s", "Wait of a window for its batch", advice: Durations);
        Prepare = _meter.CreateHistogram("ecg.inference.prepare.duration", "s", "Copying of a batch into the model's input", advice: Durations);
        Infer = _meter.CreateHistogram("ecg.inference.infer.duration", "s", "Run of a batch", advice: Durations);
        Publish = _meter.CreateHistogram("ecg.inference.publish.duration", "s", "Publication of a batch's results", advice: Durations);
    }

    internal Counter<long> Windows { get; }

    internal Counter<long> Batches { get; }

    internal Counter<long> Dropped { get; }

    internal Counter<long> SinkFailures { get; }

    internal Histogram<int> BatchSize { get; }

    internal Histogram<double> Queue { get; }

    internal Histogram<double> Prepare { get; }

    internal Histogram<double> Infer { get; }

    internal Histogram<double> Publish { get; }

    internal void ObserveDepth(Func<IEnumerable<Measurement<int>>> depths) =>
        _meter.CreateObservableGauge("ecg.inference.queue.depth", depths, "{window}", "Windows that wait for a model");
}
