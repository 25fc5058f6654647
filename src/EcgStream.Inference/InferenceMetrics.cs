using System.Diagnostics.Metrics;
using EcgStream.Inference.Batching;

namespace EcgStream.Inference;

/// <summary>
/// Instruments of the models. Tags: the model's name, its state, and the reason of a drop; nothing of a patient or a
/// device.
/// </summary>
public sealed class InferenceMetrics
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };

    // Without the good state, so that the sum over all tags is the number of models that do not answer.
    private static readonly (ModelState State, KeyValuePair<string, object?> Tag)[] StateTags =
        [(ModelState.Behind, new("state", "behind")), (ModelState.Failed, new("state", "failed"))];

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

    /// <summary>What is asked of the models when somebody looks.</summary>
    internal void Observe(IReadOnlyList<ModelBatcher> models)
    {
        _meter.CreateObservableGauge(
            "ecg.inference.queue.depth", () => Of(models, model => model.QueueDepth), "{window}",
            "Windows that wait for a model");
        _meter.CreateObservableGauge(
            "ecg.inference.lag", () => Of(models, model => model.Status.Lag.TotalSeconds), "s",
            "How long a model's oldest window has waited");
        _meter.CreateObservableGauge(
            "ecg.inference.not_answering", () => States(models), "{model}",
            "1 while a model fails or is behind, by state");
        _meter.CreateObservableCounter(
            "ecg.inference.reloads", () => Of(models, model => model.Status.Reloads), "{load}",
            "How often a model was loaded again after it failed");
        _meter.CreateObservableCounter(
            "ecg.inference.batches.failed", () => Of(models, model => model.Status.FailedBatches), "{batch}",
            "Runs that failed, those that a reloaded model then answered too");
    }

    private static IEnumerable<Measurement<T>> Of<T>(IReadOnlyList<ModelBatcher> models, Func<ModelBatcher, T> value)
        where T : struct => models.Select(model => new Measurement<T>(value(model), Tag(model)));

    private static IEnumerable<Measurement<int>> States(IReadOnlyList<ModelBatcher> models)
    {
        foreach (var model in models)
        {
            var now = model.Status.State;
            foreach (var (state, tag) in StateTags)
            {
                yield return new Measurement<int>(state == now ? 1 : 0, Tag(model), tag);
            }
        }
    }

    private static KeyValuePair<string, object?> Tag(ModelBatcher model) => new("model", model.Model.Name);
}
