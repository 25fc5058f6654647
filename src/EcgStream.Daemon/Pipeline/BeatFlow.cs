using EcgStream.Core.Beats;
using EcgStream.Core.Results;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// The way of one device's beats from the detector to the rules and the store: each in order, once, with its class. Beats are added on the shard's thread; results come on
/// the models' threads. A beat whose row is stored already goes no further.
/// </summary>
internal sealed class BeatFlow
{
    private readonly BeatOutlets _outlets;
    private readonly BeatSequencer _sequencer;
    private long _reportedTimedOut;
    private long _reportedOverflowed;
    private ulong _replayedSession;
    private long _replayedUntilUnixNs = long.MinValue;

    public BeatFlow(BeatOutlets outlets, TimeProvider clock)
    {
        _outlets = outlets;
        _sequencer = new BeatSequencer(outlets.ResultLimit, clock, OnClassified);
    }

    /// <summary>A beat of the detector.</summary>
    /// <param name="replayed">It comes from the journal's tail at start.</param>
    public void Add(in Beat beat, bool replayed)
    {
        if (replayed)
        {
            Volatile.Write(ref _replayedSession, beat.SessionId);
            Volatile.Write(ref _replayedUntilUnixNs, beat.TimeUnixNs);
        }

        _sequencer.Add(in beat);
    }

    public void Unclassified(in Beat beat) => _sequencer.Unclassified(in beat);

    /// <summary>A window of a model that decides was queued, or was lost at the queue.</summary>
    public void Queued(in Beat beat, bool taken)
    {
        if (taken)
        {
            _sequencer.Sent(in beat);
        }
        else
        {
            _sequencer.Unclassified(in beat);
        }
    }

    /// <summary>What a model that decides said.</summary>
    public void OnResult(RhythmResult result, in Beat beat)
    {
        var beatClass = BeatLabels.ClassOf(result, out var probability);
        _sequencer.Classified(in beat, beatClass, probability);
    }

    /// <summary>Gives up on results that are overdue.</summary>
    public void Poll()
    {
        _sequencer.Poll();
        var (timedOut, overflowed) = (_sequencer.TimedOut, _sequencer.Overflowed);
        _outlets.Metrics.BeatsWithoutResult(timedOut - _reportedTimedOut, overflowed - _reportedOverflowed);
        (_reportedTimedOut, _reportedOverflowed) = (timedOut, overflowed);
    }

    /// <summary>Nothing more comes: what waits goes on as class Q.</summary>
    public void Flush() => _sequencer.Flush();

    private void OnClassified(ClassifiedBeat beat)
    {
        var replayed = beat.Beat.SessionId == Volatile.Read(ref _replayedSession) && beat.Beat.TimeUnixNs <= Volatile.Read(ref _replayedUntilUnixNs);
        _outlets.Alarms.OnBeat(in beat, replayed);
        _outlets.Store.TryEnqueue(in beat);
        _outlets.Metrics.BeatClassified(beat.Class);
    }
}
