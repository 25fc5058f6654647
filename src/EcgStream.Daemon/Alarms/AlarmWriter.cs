using EcgStream.Core.Alarms;
using EcgStream.Daemon.Feeds;
using Microsoft.Extensions.Options;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// The one loop that journals transitions, then shows and publishes them: what a subscriber has seen is on disk. A failed append is tried
/// again with the same transitions until it works; meanwhile the queue holds what comes.
/// </summary>
internal sealed class AlarmWriter(
    AlarmQueue queue, IAlarmJournal journal, CursorFeed<AlarmEvent> feed, AlarmBoard board, AlarmMetrics metrics,
    IOptions<AlarmEngineOptions> options, TimeProvider clock, ILogger<AlarmWriter> log) : IDisposable
{
    private readonly CancellationTokenSource _abandon = new();
    private Task _loop = Task.CompletedTask;
    private int _failedAttempts;

    /// <summary>Appends fail now.</summary>
    public bool IsFailing => Volatile.Read(ref _failedAttempts) > 0;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Waits for what is queued, up to the drain limit. The queue must be complete.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _loop.WaitAsync(options.Value.DrainLimit, clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await _abandon.CancelAsync();
            await _loop;
        }
    }

    public void Dispose() => _abandon.Dispose();

    private async Task RunAsync()
    {
        var items = new List<AlarmQueue.Item>(options.Value.BatchSize);
        var transitions = new List<AlarmEvent>(options.Value.BatchSize);
        try
        {
            while (await queue.Reader.WaitToReadAsync(_abandon.Token))
            {
                items.Clear();
                transitions.Clear();
                while (items.Count < options.Value.BatchSize && queue.Reader.TryRead(out var item))
                {
                    items.Add(item);
                    transitions.Add(item.Record.ToWire());
                }

                await AppendAsync(transitions);
                for (var i = 0; i < items.Count; i++)
                {
                    TryPublish(items[i], transitions[i]);
                }

                items.Clear();
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            var lost = items.Count + queue.Depth;
            AlarmLog.DrainIncomplete(log, lost, options.Value.DrainLimit);
            while (queue.Reader.TryRead(out var item))
            {
                items.Add(item);
            }

            foreach (var item in items)
            {
                item.Published?.TrySetCanceled();
            }
        }
    }

    private async Task AppendAsync(List<AlarmEvent> transitions)
    {
        var delay = options.Value.RetryDelay;
        while (true)
        {
            try
            {
                await journal.AppendAsync(transitions, _abandon.Token);
                if (_failedAttempts > 0)
                {
                    AlarmLog.JournalRecovered(log, _failedAttempts);
                    Volatile.Write(ref _failedAttempts, 0);
                }

                return;
            }
#pragma warning disable CA1031 // Whatever the store throws, the transitions must not be lost.
            catch (Exception fault) when (!_abandon.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failedAttempts, _failedAttempts + 1);
                metrics.JournalFailed();
                AlarmLog.JournalFailed(log, fault, transitions.Count + queue.Depth, delay);
                await Task.Delay(delay, clock, _abandon.Token);
                delay = delay * 2 < options.Value.RetryDelayLimit ? delay * 2 : options.Value.RetryDelayLimit;
            }
        }
    }

    private void TryPublish(in AlarmQueue.Item item, AlarmEvent transition)
    {
        try
        {
            Publish(item, transition);
        }
#pragma warning disable CA1031 // A defect in showing one transition must not end the loop that stores all others.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            AlarmLog.PublishFaulted(log, defect, transition.AlarmId);
            item.Published?.TrySetException(defect);
        }
    }

    private void Publish(in AlarmQueue.Item item, AlarmEvent transition)
    {
        // The journal gives a transition that it had already its first cursor: it was published then.
        if (transition.Cursor > feed.LastCursor)
        {
            board.Apply(transition);
            feed.Publish(transition);
            metrics.Published(
                item.Record, clock.GetElapsedTime(item.DecidedTimestamp), item.IngestTimestamp is { } ingest ? clock.GetElapsedTime(ingest) : null);
            AlarmLog.Published(log, transition.AlarmId, item.Record.Condition.Tag(), item.Record.Transition.Tag(), item.Record.Priority);
        }

        item.Published?.TrySetResult(transition);
    }
}
