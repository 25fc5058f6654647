using EcgStream.Core.Alarms;
using EcgStream.Daemon.Feeds;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.Options;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// The one loop that shows and publishes transitions in the order in which they were decided. It gives the journal a moment to store each first; when
/// that moment is over, or storing fails, the transition goes out marked <c>not_stored</c>: an alarm never waits for a disk.
/// </summary>
internal sealed class AlarmWriter(
    AlarmQueue queue, AlarmStorer storer, CursorFeed<AlarmEvent> feed, AlarmBoard board, AlarmMetrics metrics,
    IOptions<AlarmEngineOptions> options, TimeProvider clock, ILogger<AlarmWriter> log) : IStageProgress
{
    private readonly ProgressMeter _progress = new(clock);
    private Task? _loop;
    private volatile bool _stopping;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Publishes what is queued and waits, up to the drain limit, until it is stored. The queue must be complete.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        if (_loop is not null)
        {
            await _loop;
        }

        await storer.StopAsync(cancellationToken);
    }

    string? IStageProgress.DescribeStuck() => _loop is null || _stopping ? null
        : _loop.IsCompleted ? "The publication of alarms has ended"
        : queue.Depth > 0 ? _progress.Describe("The publication of alarms", IStageProgress.Limit)
        : null;

    private async Task RunAsync()
    {
        var items = new List<AlarmQueue.Item>(options.Value.BatchSize);
        while (await queue.Reader.WaitToReadAsync())
        {
            items.Clear();
            while (items.Count < options.Value.BatchSize && queue.Reader.TryRead(out var item))
            {
                items.Add(item);
            }

            await PublishAsync(items);
            _progress.Advance();
        }
    }

    private async ValueTask PublishAsync(List<AlarmQueue.Item> items)
    {
        AlarmStorer.Pending[] pending;
        try
        {
            // Whoever is behind already is not waited for: what the disk holds up, it holds up once.
            var isBehind = storer.Waiting > 0;
            pending = storer.Add(items.ConvertAll(item => item.Record.ToWire()));
            if (!isBehind)
            {
                await storer.WaitAsync(pending[^1]);
            }
        }
#pragma warning disable CA1031 // As below.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            foreach (var item in items)
            {
                AlarmLog.PublishFaulted(log, defect, item.Record.AlarmId);
                item.Published?.TrySetException(defect);
            }

            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            TryPublish(items[i], pending[i]);
        }
    }

    private void TryPublish(in AlarmQueue.Item item, AlarmStorer.Pending pending)
    {
        try
        {
            Publish(item, pending);
        }
#pragma warning disable CA1031 // A defect in showing one transition must not end the loop that publishes all others.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            AlarmLog.PublishFaulted(log, defect, pending.Event.AlarmId);
            item.Published?.TrySetException(defect);
        }
    }

    private void Publish(in AlarmQueue.Item item, AlarmStorer.Pending pending)
    {
        var transition = pending.StoredCursor is var stored and not 0 ? new AlarmEvent(pending.Event) { Cursor = stored } : pending.AsUnstored();

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
