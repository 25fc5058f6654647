using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Time;
using EcgStream.Core.Windows;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging;

namespace EcgStream.Inference.Batching;

/// <summary>
/// One model at work: a bounded queue of the windows of all patients, and one thread that batches, runs and publishes them in the order in
/// which they came. A window that was given to it is returned to its pool exactly once, whatever happens, and a window without a result is
/// counted with the reason. A batch that fails costs its own windows only.
/// </summary>
public sealed class ModelBatcher : IAsyncDisposable
{
    private readonly IBatchClassifier _classifier;
    private readonly IResultSink[] _sinks;
    private readonly BatcherCounters _counters;
    private readonly BatchQueue _queue;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly QueuedWindow[] _batch;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _drainLimit;
    private readonly int _capacity;
    private Thread? _thread;
    private volatile string? _fault;
    private volatile bool _abandon;
    private long _failedInARow;
    private int _full;

    /// <param name="classifier">Disposed of with the batcher; used by its thread only.</param>
    /// <param name="options">Queue and delay.</param>
    /// <param name="sinks">Every result goes to each of them, in this order.</param>
    /// <param name="metrics">Instruments.</param>
    /// <param name="clock">The clock that stamps ingest, queue and publication.</param>
    /// <param name="log">Log.</param>
    public ModelBatcher(
        IBatchClassifier classifier, InferenceOptions options, IEnumerable<IResultSink> sinks, InferenceMetrics metrics, TimeProvider clock, ILogger<ModelBatcher> log)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(options);
        (_classifier, _clock, _log) = (classifier, clock, log);
        (_drainLimit, _capacity) = (options.DrainLimit, options.QueueCapacity);
        _sinks = [.. sinks];
        _counters = new BatcherCounters(metrics, classifier.Identity.Name);
        _batch = new QueuedWindow[classifier.MaxBatch];
        _queue = new BatchQueue(
            options.QueueCapacity, options.WhenFull, new BatchPolicy(classifier.MaxBatch, options.MaxDelay), clock, window => Drop(window, DropReason.QueueFull));

        // Beside those in the queue: the batch that runs, and one that the windowers hold while they fill it.
        Pool = new RhythmWindowPool(classifier.Recipe, options.QueueCapacity + (2 * classifier.MaxBatch));
    }

    public ModelIdentity Model => _classifier.Identity;

    public WindowRecipe Recipe => _classifier.Recipe;

    /// <summary>Where the windows of this model are rented. A rent that fails is a drop that the renter counts by <see cref="CountPoolEmpty"/>.</summary>
    public RhythmWindowPool Pool { get; }

    public BatcherStatus Status => _counters.Status(_classifier, _queue.Count, _fault);

    /// <summary>Windows that wait now.</summary>
    public int QueueDepth => _queue.Count;

    public void Start()
    {
        if (_thread is not null)
        {
            throw new InvalidOperationException($"The batcher of {Model.Name} was started before");
        }

        // A thread of its own: a run takes milliseconds to seconds, which would starve ingest of pool threads.
        _thread = new Thread(Loop) { IsBackground = true, Name = $"model {Model.Name}" };
        _thread.Start();
    }

    /// <summary>Gives a filled window to the model. Any thread; never waits.</summary>
    /// <returns>False when the window was dropped. Either way it is no longer the caller's.</returns>
    public bool TryEnqueue(RhythmWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (!ReferenceEquals(window.Recipe, Recipe))
        {
            throw new ArgumentException($"A window for {window.Recipe.Model} was given to {Model.Name}", nameof(window));
        }

        if (_queue.TryAdd(window))
        {
            return true;
        }

        Drop(window, _queue.IsComplete ? DropReason.Stopped : DropReason.QueueFull);
        return false;
    }

    /// <summary>Counts a window that could not even be rented: as many are out as the queue holds.</summary>
    public void CountPoolEmpty()
    {
        ReportFull();
        _counters.Dropped(DropReason.QueueFull);
    }

    /// <summary>Takes no more windows and waits for the queued ones, for <see cref="InferenceOptions.DrainLimit"/> at most; then drops the rest, counted.</summary>
    public async Task StopAsync()
    {
        _queue.Complete();
        if (_thread is null)
        {
            DropQueued();
            return;
        }

        try
        {
            await _ended.Task.WaitAsync(_drainLimit, _clock);
        }
        catch (TimeoutException)
        {
            InferenceLog.DrainIncomplete(_log, _queue.Count, Model.Name, _drainLimit);
            _abandon = true;
            await _ended.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _queue.DisposeAsync();
        _classifier.Dispose();
    }

    private void Loop()
    {
        try
        {
            while (!_abandon && _queue.WaitForBatch())
            {
                RunBatch();
            }
        }
        finally
        {
            DropQueued();
            _ended.SetResult();
        }
    }

    private void RunBatch()
    {
        var count = 0;
        while (count < _batch.Length && _queue.TryTake(out _batch[count]))
        {
            count++;
        }

        if (count == 0)
        {
            return; // what was due has been dropped for newer windows meanwhile
        }

        Volatile.Write(ref _full, 0);
        try
        {
            Classify(count);
            Recover();
        }
#pragma warning disable CA1031 // Whatever a batch fails on costs that batch; it is counted, logged and shown in health.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault, count);
        }
        finally
        {
            for (var row = 0; row < count; row++)
            {
                _batch[row].Window.Return();
            }

            Array.Clear(_batch, 0, count);
        }
    }

    private void Classify(int count)
    {
        using var span = Traces.Start("model.batch");
        span?.SetTag("model", Model.Name).SetTag("windows", count);
        var started = _clock.GetTimestamp();
        for (var row = 0; row < count; row++)
        {
            _counters.WindowQueued(_clock.GetElapsedTime(_batch[row].Timestamp, started));
            _classifier.Load(row, _batch[row].Window.Input.Span);
            _batch[row].Window.ReleaseInput();
        }

        var loaded = _clock.GetTimestamp();
        var scores = _classifier.Run(count);
        var inferred = _clock.GetTimestamp();
        var labels = Model.Labels.Count;
        var published = 0;
        for (var row = 0; row < count; row++)
        {
            published += Publish(_batch[row].Window, scores.Slice(row * labels, labels), inferred) ? 1 : 0;
        }

        if (published < count)
        {
            InferenceLog.ScoresNotFinite(_log, Model.Name, count - published);
        }

        _counters.BatchRan(
            count, _clock.GetElapsedTime(started, loaded), _clock.GetElapsedTime(loaded, inferred), _clock.GetElapsedTime(inferred, _clock.GetTimestamp()));
    }

    private bool Publish(RhythmWindow window, ReadOnlySpan<float> scores, long timestamp)
    {
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
            {
                _counters.Dropped(DropReason.NotFinite);
                return false;
            }
        }

        var verdict = Verdict.Of(scores, _classifier.Card);
        var result = new RhythmResult(
            window.DeviceId, window.SessionId, Model, window.StartUnixNs, window.EndUnixNs, scores.ToArray(), verdict.PredictedIndex,
            verdict.Abnormal, verdict.AbnormalScore, window.Marks, window.IngestTimestamp, timestamp)
        {
            Beat = window.Beat,
        };
        foreach (var sink in _sinks)
        {
            try
            {
                sink.Publish(result);
            }
#pragma warning disable CA1031 // One receiver's defect must not take the result from the others.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _counters.SinkFailed();
                InferenceLog.SinkFailed(_log, fault, Model.Name);
            }
        }

        _counters.WindowPublished();
        return true;
    }

    private void Fail(Exception fault, int count)
    {
        for (var row = 0; row < count; row++)
        {
            _counters.Dropped(DropReason.Failed);
        }

        _counters.BatchFailed();
        _fault = fault.Message;
        if (_failedInARow++ == 0)
        {
            InferenceLog.BatchFailed(_log, fault, Model.Name, count);
        }
    }

    private void Recover()
    {
        if (_failedInARow > 0)
        {
            InferenceLog.Recovered(_log, Model.Name, _failedInARow);
            (_failedInARow, _fault) = (0, null);
        }
    }

    private void Drop(RhythmWindow window, DropReason reason)
    {
        if (reason == DropReason.QueueFull)
        {
            ReportFull();
        }

        window.Return();
        _counters.Dropped(reason);
    }

    private void ReportFull()
    {
        // Once per episode: it ends with the next batch.
        if (Interlocked.Exchange(ref _full, 1) == 0)
        {
            InferenceLog.QueueFull(_log, Model.Name, _capacity);
        }
    }

    private void DropQueued()
    {
        while (_queue.TryTake(out var left))
        {
            Drop(left.Window, DropReason.Stopped);
        }
    }
}
