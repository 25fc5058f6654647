namespace EcgStream.Core.Beats;

/// <summary>
/// Puts the results of one device's beats back into the order of the R peaks. Every beat that was added comes out exactly once: with its class, or as Q when no model
/// looked at it, when its result has not come within the limit, or when more than <see cref="Capacity"/> beats wait. Any thread; the receiver is called under the
/// sequencer's lock, so in order, and must neither block nor call back.
/// </summary>
public sealed class BeatSequencer
{
    /// <summary>Beats that may wait: 12 s at 300 per minute.</summary>
    public const int Capacity = 64;

    // A beat's window is cut at most 1.7 s of signal after its R peak. A device that falls silent leaves its last beats without the samples for theirs.
    private static readonly TimeSpan WindowLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly Action<ClassifiedBeat> _receiver;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _resultLimit;
    private int _first;
    private int _count;
    private long _timedOut;
    private long _overflowed;
    private long _unmatched;

    /// <param name="resultLimit">How long a result may take from <see cref="Sent"/> on.</param>
    /// <param name="clock">For the limits.</param>
    /// <param name="receiver">Gets each beat once.</param>
    public BeatSequencer(TimeSpan resultLimit, TimeProvider clock, Action<ClassifiedBeat> receiver)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(resultLimit, TimeSpan.Zero);
        (_resultLimit, _clock, _receiver) = (resultLimit, clock, receiver);
    }

    private enum Stage
    {
        /// <summary>Its window is not cut yet.</summary>
        Waiting,

        /// <summary>A model has it.</summary>
        Sent,

        /// <summary>Only earlier beats hold it back.</summary>
        Settled,
    }

    /// <summary>Beats that wait now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Beats of class Q because a result, or the samples for it, did not come in time.</summary>
    public long TimedOut => Interlocked.Read(ref _timedOut);

    /// <summary>Beats of class Q because too many waited.</summary>
    public long Overflowed => Interlocked.Read(ref _overflowed);

    /// <summary>Results that came when their beat waited no longer.</summary>
    public long Unmatched => Interlocked.Read(ref _unmatched);

    /// <summary>A beat was found; beats of a session come in order, sessions one after the other.</summary>
    public void Add(in Beat beat)
    {
        lock (_gate)
        {
            if (_count == Capacity)
            {
                Interlocked.Increment(ref _overflowed);
                Settle(ref At(0), BeatClass.Q, 0);
                Release();
            }

            At(_count++) = new Entry { Beat = beat, Class = BeatClass.Q, Since = _clock.GetTimestamp() };
        }
    }

    /// <summary>The window of a beat was given to the model that decides.</summary>
    public void Sent(in Beat beat)
    {
        lock (_gate)
        {
            if (Find(in beat) is >= 0 and var index && At(index).Stage == Stage.Waiting)
            {
                (At(index).Stage, At(index).Since) = (Stage.Sent, _clock.GetTimestamp());
            }
        }
    }

    /// <summary>The model's word on a beat.</summary>
    public void Classified(in Beat beat, BeatClass beatClass, float probability) => Conclude(in beat, beatClass, probability);

    /// <summary>No model will say what the beat is.</summary>
    public void Unclassified(in Beat beat) => Conclude(in beat, BeatClass.Q, 0);

    /// <summary>Gives up on what is overdue; to be called about once a second.</summary>
    public void Poll()
    {
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            for (var index = 0; index < _count; index++)
            {
                ref var entry = ref At(index);
                var limit = entry.Stage == Stage.Waiting ? WindowLimit : _resultLimit;
                if (entry.Stage != Stage.Settled && _clock.GetElapsedTime(entry.Since, now) >= limit)
                {
                    Interlocked.Increment(ref _timedOut);
                    Settle(ref entry, BeatClass.Q, 0);
                }
            }

            Release();
        }
    }

    /// <summary>No result is waited for any more: what is left comes out as Q, counted as timed out.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            for (var index = 0; index < _count; index++)
            {
                ref var entry = ref At(index);
                if (entry.Stage != Stage.Settled)
                {
                    Interlocked.Increment(ref _timedOut);
                    Settle(ref entry, BeatClass.Q, 0);
                }
            }

            Release();
        }
    }

    private void Conclude(in Beat beat, BeatClass beatClass, float probability)
    {
        lock (_gate)
        {
            var index = Find(in beat);
            if (index < 0 || At(index).Stage == Stage.Settled)
            {
                Interlocked.Increment(ref _unmatched);
                return;
            }

            Settle(ref At(index), beatClass, probability);
            Release();
        }
    }

    private static void Settle(ref Entry entry, BeatClass beatClass, float probability) =>
        (entry.Stage, entry.Class, entry.Probability) = (Stage.Settled, beatClass, probability);

    private void Release()
    {
        while (_count > 0 && At(0).Stage == Stage.Settled)
        {
            var entry = At(0);
            _first = (_first + 1) % Capacity;
            _count--;
            _receiver(new ClassifiedBeat(entry.Beat, entry.Class, entry.Probability));
        }
    }

    private int Find(in Beat beat)
    {
        for (var index = 0; index < _count; index++)
        {
            ref var entry = ref At(index);
            if (entry.Beat.TimeUnixNs == beat.TimeUnixNs && entry.Beat.SessionId == beat.SessionId)
            {
                return index;
            }
        }

        return -1;
    }

    private ref Entry At(int index) => ref _entries[(_first + index) % Capacity];

    private struct Entry
    {
        public Beat Beat;
        public Stage Stage;
        public BeatClass Class;
        public float Probability;
        public long Since;
    }
}
