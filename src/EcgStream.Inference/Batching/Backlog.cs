namespace EcgStream.Inference.Batching;

/// <summary>
/// Whether a model keeps up: when its queue last overflowed, and for how long the batch that runs has waited. An overflow lasts until the queue
/// is half empty again; a queue that stays at its brim is one overflow, not one for each window that it loses. Any thread.
/// </summary>
/// <param name="capacity">Windows that the queue holds.</param>
/// <param name="clock">The clock that stamped the windows.</param>
internal sealed class Backlog(int capacity, TimeProvider clock)
{
    private const long NotRunning = long.MinValue;
    private int _overflowing;
    private long _lost;
    private long _running = NotRunning;

    /// <summary>Windows have been lost, and the queue has not been half empty since.</summary>
    public bool IsOverflowing => Volatile.Read(ref _overflowing) == 1;

    /// <summary>Counts a window that found no place.</summary>
    /// <returns>True for the first one of an overflow.</returns>
    public bool Lost()
    {
        Interlocked.Increment(ref _lost);
        return Interlocked.Exchange(ref _overflowing, 1) == 0;
    }

    /// <summary>A batch begins whose oldest window was queued at that timestamp. The reader's thread only.</summary>
    public void Begin(long oldestTimestamp) => Volatile.Write(ref _running, oldestTimestamp);

    /// <summary>The batch has ended, and so many windows are left in the queue. The reader's thread only.</summary>
    /// <returns>Windows that the overflow cost, when it is over now; otherwise 0.</returns>
    public long End(int left)
    {
        Volatile.Write(ref _running, NotRunning);
        return left <= capacity / 2 && Interlocked.Exchange(ref _overflowing, 0) == 1 ? Interlocked.Exchange(ref _lost, 0) : 0;
    }

    /// <summary>How long the oldest window has waited: in the batch that runs, or else in the queue.</summary>
    /// <param name="queued">Timestamp of the oldest one in the queue; null when it is empty.</param>
    public TimeSpan Lag(long? queued)
    {
        var running = Volatile.Read(ref _running);
        return (running != NotRunning ? running : queued) is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;
    }
}
