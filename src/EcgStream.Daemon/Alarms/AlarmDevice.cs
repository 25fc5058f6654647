using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Vitals;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// One device's alarms behind a lock, and what could not be queued yet. Decisions enter the queue under the lock, so their order there is the
/// order in which they were made. Nothing here waits for I/O; the lock is held for the rules only.
/// </summary>
internal sealed class AlarmDevice(
    string deviceId, AlarmOptions options, TimeSpan keepFor, TimeProvider clock, AlarmQueue queue,
    ArrhythmiaLimits? limits = null)
{
    private readonly Lock _gate = new();
    private readonly DeviceAlarms _alarms = new(deviceId, options, clock, limits);
    private readonly AlarmOutbox _outbox = new(queue, clock);
    /// <summary>How long a device may take to come back after a start before it counts as one that has left.</summary>
    public static readonly TimeSpan ReturnsWithin = TimeSpan.FromMinutes(10);

    private bool _forgotten;
    private bool _restored;
    private long? _leftAt;

    internal enum Taken
    {
        /// <summary>Judged, and whatever was decided is queued.</summary>
        Done,

        /// <summary>Not judged: the queue has no room for what was decided before.</summary>
        Deferred,

        /// <summary>The device was forgotten meanwhile: ask for it again.</summary>
        Forgotten,
    }

    /// <summary>
    /// Since when nothing came of the device and it is kept for its open alarms only; null while it is expected to
    /// send.
    /// </summary>
    public long? LeftAt
    {
        get
        {
            lock (_gate)
            {
                return _restored && _leftAt is { } at && clock.GetElapsedTime(at) < ReturnsWithin ? null : _leftAt;
            }
        }
    }

    /// <summary>Before any input: goes on with an alarm of the journal.</summary>
    public bool Restore(AlarmTransitionRecord open)
    {
        lock (_gate)
        {
            _restored = true;
            _leftAt ??= clock.GetTimestamp();
            return _alarms.Restore(open);
        }
    }

    public void DecidedUntil(long deviceTimeUnixNs)
    {
        lock (_gate)
        {
            _alarms.DecidedUntil(deviceTimeUnixNs);
        }
    }

    public Taken OnStatus(in SignalStatus status, bool replayed)
    {
        lock (_gate)
        {
            if (Refuses() is { } why)
            {
                return why;
            }

            _leftAt = null;
            _alarms.OnStatus(status, _outbox.Decided, replayed);
            _outbox.Pass(status.IngestTimestamp);
            return Taken.Done;
        }
    }

    /// <summary>Samples came in; false if the device was forgotten meanwhile.</summary>
    public bool OnArrival()
    {
        lock (_gate)
        {
            _leftAt = null;
            _alarms.OnArrival();
            return !_forgotten;
        }
    }

    public bool IsPresent(AlarmCondition condition)
    {
        lock (_gate)
        {
            return _alarms.IsPresent(condition);
        }
    }

    public Taken OnBeat(in Beat beat, bool replayed)
    {
        lock (_gate)
        {
            if (Refuses() is { } why)
            {
                return why;
            }

            _alarms.OnBeat(beat, _outbox.Decided, replayed);
            _outbox.Pass(beat.IngestTimestamp);
            return Taken.Done;
        }
    }

    public Taken OnBeat(in ClassifiedBeat beat, bool replayed)
    {
        lock (_gate)
        {
            if (Refuses() is { } why)
            {
                return why;
            }

            _alarms.OnBeat(beat, _outbox.Decided, replayed);
            _outbox.Pass(beat.Beat.IngestTimestamp);
            return Taken.Done;
        }
    }

    public Taken OnResult(RhythmResult result, bool replayed)
    {
        lock (_gate)
        {
            if (Refuses() is { } why)
            {
                return why;
            }

            _alarms.OnResult(result, _outbox.Decided, replayed);
            _outbox.Pass(result.IngestTimestamp);
            return Taken.Done;
        }
    }

    /// <summary>Never deferred: judges by other limits from now on; what they decide is bounded by the conditions.</summary>
    public void SetLimits(ArrhythmiaLimits limits)
    {
        lock (_gate)
        {
            if (!_forgotten && !ReferenceEquals(limits, _alarms.Limits))
            {
                _alarms.SetLimits(limits, _outbox.Decided);
                _outbox.Pass();
            }
        }
    }

    /// <summary>Never deferred: it comes once, and what it decides is bounded by the conditions.</summary>
    public Taken OnSessionEnded(ulong sessionId, bool replayed)
    {
        lock (_gate)
        {
            if (_forgotten)
            {
                return Taken.Forgotten;
            }

            _alarms.OnSessionEnded(sessionId, _outbox.Decided, replayed);
            _outbox.Pass();
            return Taken.Done;
        }
    }

    /// <summary>Never deferred, as the end of a session. A tick drops the device once nothing of it is open.</summary>
    public Taken OnForgotten()
    {
        lock (_gate)
        {
            if (_forgotten)
            {
                return Taken.Forgotten;
            }

            _restored = false;
            _leftAt ??= clock.GetTimestamp();
            _alarms.OnForgotten(_outbox.Decided);
            _outbox.Pass();
            return Taken.Done;
        }
    }

    /// <summary>Never deferred. Clears what is open; a tick drops the device.</summary>
    public void OnDischarged(string why)
    {
        lock (_gate)
        {
            if (!_forgotten)
            {
                _leftAt = null;
                _alarms.OnDischarged(why, _outbox.Decided);
                _outbox.Pass();
            }
        }
    }

    /// <summary>Lets time decide; true if the device has nothing left and was forgotten.</summary>
    public bool OnTick(out bool deferred)
    {
        lock (_gate)
        {
            deferred = Refuses() == Taken.Deferred;
            if (deferred || _forgotten)
            {
                return _forgotten;
            }

            _alarms.OnTick(_outbox.Decided);
            if (_leftAt is { } left && clock.GetElapsedTime(left) >= keepFor)
            {
                _leftAt = null;
                _alarms.OnDischarged("not seen for too long", _outbox.Decided);
            }

            _outbox.Pass();
            _forgotten = _outbox.IsEmpty && _alarms.IsIdle;
            return _forgotten;
        }
    }

    /// <summary>Never deferred. The task completes with the stored transition that the acknowledgement led to last.</summary>
    public AcknowledgeOutcome Acknowledge(string alarmId, string user, out Task<AlarmEvent>? published)
    {
        lock (_gate)
        {
            published = null;
            if (_forgotten)
            {
                return AcknowledgeOutcome.NotOpen;
            }

            var outcome = _alarms.Acknowledge(alarmId, user, _outbox.Decided);
            if (outcome == AcknowledgeOutcome.Acknowledged)
            {
                var completion = new TaskCompletionSource<AlarmEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
                published = completion.Task;
                _outbox.Pass(null, completion);
            }

            return outcome;
        }
    }

    private Taken? Refuses()
    {
        if (_forgotten)
        {
            return Taken.Forgotten;
        }

        return _outbox.TryFlush() ? null : Taken.Deferred;
    }
}
