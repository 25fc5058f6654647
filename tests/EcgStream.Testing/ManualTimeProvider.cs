namespace EcgStream.Testing;

/// <summary>
/// A clock that moves only when told to. Its timestamp frequency is odd on purpose, so that code
/// which takes ticks for 100 ns units or milliseconds shows itself. Timers fire inside <see cref="Advance"/>, in due order.
/// By hand: the frequency of Microsoft's FakeTimeProvider is that of ticks, and it does not tell how often it was looked at.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = start;
    private TimeSpan _elapsed;
    private long _timestampReads;
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManualTimeProvider() : this(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)) { }

    public override long TimestampFrequency => 7_000_003;

    /// <summary>How often somebody has looked at the timestamp: tells a test that other threads have come so far.</summary>
    public long TimestampReads => Interlocked.Read(ref _timestampReads);

    /// <summary>Ends when somebody next sets a timer: tells a test that another thread has begun to wait.</summary>
    public Task NextTimerArmed
    {
        get
        {
            lock (_gate)
            {
                return _armed.Task;
            }
        }
    }

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _timestampReads);
        lock (_gate)
        {
            return (long)(_elapsed.Ticks / (double)TimeSpan.TicksPerSecond * TimestampFrequency);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start + _elapsed;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and runs every timer that falls due on the way, each at its own due time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_gate)
        {
            target = _elapsed + by;
        }

        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _elapsed = target;
        }
    }

    private ManualTimer? NextDue(TimeSpan until)
    {
        lock (_gate)
        {
            ManualTimer? next = null;
            foreach (var timer in _timers)
            {
                if (timer.Due <= until && (next is null || timer.Due < next.Due))
                {
                    next = timer;
                }
            }

            if (next is not null)
            {
                _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
                next.Reschedule();
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._elapsed + dueTime;
                    clock._timers.Add(this);
                    clock._armed.SetResult();
                    clock._armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            return true;
        }

        public void Reschedule()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period;
            }
            else
            {
                clock._timers.Remove(this);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
