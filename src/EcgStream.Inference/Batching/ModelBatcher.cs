using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Time;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging;

namespace EcgStream.Inference.Batching;

/// <summary>
/// One model at work: a bounded queue of the windows of all patients, and one thread that batches, runs and publishes them in the order in
/// which they came. A window that was given to it is returned to its pool exactly once, whatever happens, and a window without a result is
/// counted with the reason. A batch that fails is run again on a classifier that was loaded anew; windows are lost only where that fails too.
/// </summary>
public sealed class ModelBatcher : IAsyncDisposable
{
    private readonly LiveClassifier _classifier;
    private readonly ResultPublisher _publisher;
    private readonly BatcherCounters _counters;
    private readonly BatchQueue _queue;
    private readonly Backlog _backlog;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly QueuedWindow[] _batch;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _drainLimit;
    private readonly TimeSpan _lagLimit;
    private readonly int _capacity;
    private Thread? _thread;
    private volatile string? _scoreFault;
    private volatile bool _abandon;
    private long _failedInARow;

    /// <param name="classifier">Disposed of with the batcher; used by its thread only.</param>
    /// <param name="source">Loads it again when it fails.</param>
    /// <param name="options">Queue and delay.</param>
    /// <param name="sinks">Every result goes to each of them, in this order.</param>
    /// <param name="metrics">Instruments.</param>
    /// <param name="clock">The clock that stamps ingest, queue and publication.</param>
    /// <param name="log">Log.</param>
    public ModelBatcher(
        IBatchClassifier classifier, IModelSource source, InferenceOptions options, IEnumerable<IResultSink> sinks, InferenceMetrics metrics, TimeProvider clock,
        ILogger<ModelBatcher> log)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        _classifier = new LiveClassifier(classifier, source, options, clock, log);
        (Model, Recipe, _clock, _log) = (classifier.Identity, classifier.Recipe, clock, log);
        (_drainLimit, _lagLimit, _capacity) = (options.DrainLimit, options.LagLimit, options.QueueCapacity);
        _counters = new BatcherCounters(metrics, Model.Name);
        _publisher = new ResultPublisher(Model, classifier.Card, [.. sinks], _counters, log);
        _backlog = new Backlog(_capacity, clock);
        _batch = new QueuedWindow[classifier.MaxBatch];
        _queue = new BatchQueue(
            options.QueueCapacity, options.WhenFull, new BatchPolicy(classifier.MaxBatch, options.MaxDelay), clock, window => Drop(window, DropReason.QueueFull));

        // Beside those in the queue: the batch that runs, and one that the windowers hold while they fill it.
        Pool = new RhythmWindowPool(classifier.Recipe, options.QueueCapacity + (2 * classifier.MaxBatch));
    }

    public ModelIdentity Model { get; }

    public WindowRecipe Recipe { get; }

    /// <summary>It was asked for beside the models that always run: less is lost with it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Where the windows of this model are rented. A rent that fails is a drop that the renter counts by <see cref="CountPoolEmpty"/>.</summary>
    public RhythmWindowPool Pool { get; }

    /// <summary>Where the model stands at this moment; ask again for its state later, for nothing runs that could tell of a run that hangs.</summary>
    public BatcherStatus Status
    {
        get
        {
            var fault = _classifier.Fault ?? _scoreFault;
            var lag = _backlog.Lag(_queue.OldestTimestamp);
            var behind = lag > _lagLimit || _backlog.IsOverflowing;
            var state = fault is not null ? ModelState.Failed : behind ? ModelState.Behind : ModelState.Answering;
            return _counters.Status(Model, _classifier, _queue.Count, fault, state, lag);
        }
    }

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

        if (_classifier.IsDown)
        {
            Drop(window, DropReason.Failed);
            return false;
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
        await _classifier.DisposeAsync();
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

        _backlog.Begin(_batch[0].Timestamp);
        try
        {
            Classify(count);
        }
#pragma warning disable CA1031 // A defect in what follows the run costs its batch, never the model's thread.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(fault, count);
            DropFailed(count);
        }
        finally
        {
            if (_backlog.End(_queue.Count) is var lost and > 0)
            {
                InferenceLog.CaughtUp(_log, Model.Name, lost);
            }

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
        }

        if (!TryRun(count, out var scores, out var loaded))
        {
            DropFailed(count);
            return;
        }

        var inferred = _clock.GetTimestamp();
        for (var row = 0; row < count; row++)
        {
            _batch[row].Window.ReleaseInput();
        }

        var labels = Model.Labels.Count;
        var published = 0;
        for (var row = 0; row < count; row++)
        {
            published += _publisher.Publish(_batch[row].Window, scores.Slice(row * labels, labels), inferred) ? 1 : 0;
        }

        _scoreFault = published == 0 ? "its scores are no numbers" : null;
        if (published < count)
        {
            InferenceLog.ScoresNotFinite(_log, Model.Name, count - published);
        }

        _counters.BatchRan(
            count, _clock.GetElapsedTime(started, loaded), _clock.GetElapsedTime(loaded, inferred), _clock.GetElapsedTime(inferred, _clock.GetTimestamp()));
    }

    /// <summary>Runs the batch, and where that fails once more on the classifier that takes the failed one's place.</summary>
    private bool TryRun(int count, out ReadOnlySpan<float> scores, out long loaded)
    {
        scores = default;
        loaded = 0;
        while (_classifier.Current is { } classifier)
        {
            try
            {
                for (var row = 0; row < count; row++)
                {
                    classifier.Load(row, _batch[row].Window.Input.Span);
                }

                loaded = _clock.GetTimestamp();
                scores = classifier.Run(count);
                _classifier.Answered();
                Recover();
                return true;
            }
#pragma warning disable CA1031 // Whatever a run fails on: a model that cannot be used is counted, logged and shown in health.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Fail(fault, count);
                if (!_classifier.TryReplace(fault))
                {
                    break;
                }
            }
        }

        return false;
    }

    private void Fail(Exception fault, int count)
    {
        _counters.BatchFailed();
        if (_failedInARow++ == 0)
        {
            InferenceLog.BatchFailed(_log, fault, Model.Name, count);
        }
    }

    private void DropFailed(int count)
    {
        for (var row = 0; row < count; row++)
        {
            _counters.Dropped(DropReason.Failed);
        }
    }

    private void Recover()
    {
        if (_failedInARow > 0)
        {
            InferenceLog.Recovered(_log, Model.Name, _failedInARow);
            _failedInARow = 0;
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
        if (_backlog.Lost())
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
