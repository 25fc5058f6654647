namespace EcgStream.Core.Batching;

/// <summary>
/// When a batch is sent: when it is full, or when its oldest window has waited long enough. Decides only, from what it is told;
/// the loop that acts on it is elsewhere.
/// </summary>
public sealed class BatchPolicy
{
    /// <summary>What timers resolve. Less than this is not waited for: a timer would fire early, and again, and again.</summary>
    public static readonly TimeSpan TimerResolution = TimeSpan.FromMilliseconds(1);

    /// <param name="maxBatch">Windows of a full batch, 1 or more.</param>
    /// <param name="maxDelay">Longest wait of a window for others to join it; zero sends whatever is there.</param>
    public BatchPolicy(int maxBatch, TimeSpan maxDelay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, TimeSpan.Zero);
        MaxBatch = maxBatch;
        MaxDelay = maxDelay;
    }

    public int MaxBatch { get; }

    public TimeSpan MaxDelay { get; }

    /// <param name="count">Windows that wait.</param>
    /// <param name="oldestTimestamp">Timestamp of the clock at which the oldest of them came; not looked at when none waits.</param>
    /// <param name="clock">The clock of that timestamp.</param>
    public BatchDecision Decide(int count, long oldestTimestamp, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return count > 0 ? Decide(count, clock.GetElapsedTime(oldestTimestamp)) : new BatchDecision(false, Timeout.InfiniteTimeSpan);
    }

    /// <param name="count">Windows that wait.</param>
    /// <param name="oldestAge">How long the oldest of them has waited.</param>
    public BatchDecision Decide(int count, TimeSpan oldestAge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return new BatchDecision(false, Timeout.InfiniteTimeSpan);
        }

        var wait = MaxDelay - oldestAge;
        if (count >= MaxBatch || wait < TimerResolution)
        {
            return new BatchDecision(true, TimeSpan.Zero);
        }

        // A clock that stepped back must not make a window wait longer than it may.
        return new BatchDecision(false, wait < MaxDelay ? wait : MaxDelay);
    }
}
