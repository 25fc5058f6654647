using System.Threading.Channels;
using EcgStream.Core.Batching;
using EcgStream.Core.Windows;

namespace EcgStream.Inference.Batching;

/// <summary>
/// The bounded queue of one model and the sleep of its one reader. Writers wake the reader only where that changes what it does:
/// when it had nothing, or when a full batch has come together; in between its timer does.
/// </summary>
internal sealed class BatchQueue : IAsyncDisposable
{
    private const int Awake = 0;
    private const int Idle = 1;
    private const int Filling = 2;

    private readonly Channel<QueuedWindow> _channel;
    private readonly BatchPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ITimer _timer;
    private int _reader;
    private volatile bool _complete;

    /// <param name="capacity">Windows that may wait.</param>
    /// <param name="whenFull">Which one is lost beyond that.</param>
    /// <param name="policy">When a batch is sent.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="lost">Takes a window that was queued and is lost to a newer one.</param>
    public BatchQueue(int capacity, QueueFullMode whenFull, BatchPolicy policy, TimeProvider clock, Action<RhythmWindow> lost)
    {
        _policy = policy;
        _clock = clock;
        var options = new BoundedChannelOptions(capacity)
        {
            SingleReader = false, // the writer that drops the oldest reads too
            FullMode = whenFull == QueueFullMode.DropOldest ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait,
        };
        _channel = Channel.CreateBounded<QueuedWindow>(options, dropped => lost(dropped.Window));
        _timer = clock.CreateTimer(static wake => ((AutoResetEvent)wake!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _channel.Reader.Count;

    /// <summary>When the window that has waited longest was queued; null when none waits. Any thread.</summary>
    public long? OldestTimestamp => _channel.Reader.TryPeek(out var oldest) ? oldest.Timestamp : null;

    /// <summary>No more windows are taken.</summary>
    public bool IsComplete => _complete;

    /// <returns>False when it is not taken: the queue is full, or closed. The window is then still the caller's.</returns>
    public bool TryAdd(RhythmWindow window)
    {
        if (!_channel.Writer.TryWrite(new QueuedWindow(window, _clock.GetTimestamp())))
        {
            return false;
        }

        // The write must be seen by a reader that is about to sleep before its state is looked at here; the reader does the same the other way round.
        Interlocked.MemoryBarrier();
        var reader = Volatile.Read(ref _reader);
        if (reader == Idle || (reader == Filling && Count >= _policy.MaxBatch))
        {
            _wake.Set();
        }

        return true;
    }

    /// <summary>Blocks until a batch is due. The reader's thread only.</summary>
    /// <returns>False when the queue is complete and empty.</returns>
    public bool WaitForBatch()
    {
        while (true)
        {
            var decision = _channel.Reader.TryPeek(out var oldest) ? _policy.Decide(Count, oldest.Timestamp, _clock) : new BatchDecision(false, Timeout.InfiniteTimeSpan);
            var empty = decision.Wait == Timeout.InfiniteTimeSpan;
            if (decision.SendNow || (_complete && !empty))
            {
                return true;
            }

            if (_complete)
            {
                // A window may have been taken between the look and the close.
                if (!_channel.Reader.TryPeek(out _))
                {
                    return false;
                }

                continue;
            }

            Sleep(decision.Wait, empty);
        }
    }

    public bool TryTake(out QueuedWindow window) => _channel.Reader.TryRead(out window);

    public void Complete()
    {
        _channel.Writer.TryComplete();
        _complete = true;
        _wake.Set();
    }

    // The event is left to its finalizer: a writer may still be about to set it.
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Sleep(TimeSpan limit, bool empty)
    {
        Interlocked.Exchange(ref _reader, empty ? Idle : Filling);
        var changed = _complete || (empty ? Count > 0 : Count >= _policy.MaxBatch);
        if (!changed)
        {
            if (!empty)
            {
                _timer.Change(limit, Timeout.InfiniteTimeSpan);
            }

            _wake.WaitOne();
            if (!empty)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        Volatile.Write(ref _reader, Awake);
    }
}
