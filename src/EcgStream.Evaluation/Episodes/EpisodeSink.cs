using EcgStream.Core.Alarms;
using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Pipeline;

namespace EcgStream.Evaluation.Episodes;

/// <summary>
/// The alarms of one record, fed as the daemon feeds them, and when each kind of episode held. An episode begins at the onset that its alarm states, or at the decision where a worse
/// alarm is told in its place; it ends when its condition does. One thread.
/// </summary>
internal sealed class EpisodeSink : ISessionSink
{
    private readonly DeviceAlarms _alarms;
    private readonly RunClock _clock;
    private readonly RecordTime _time;
    private readonly List<AlarmTransitionRecord> _transitions = [];
    private readonly List<Episode>[] _episodes = [.. EpisodeKinds.All.Select(_ => new List<Episode>())];
    private readonly (long Onset, long Told)?[] _open = new (long, long)?[EpisodeKinds.All.Count];

    public EpisodeSink(DeviceAlarms alarms, RunClock clock, RecordTime time)
    {
        (_alarms, _clock, _time) = (alarms, clock, time);
    }

    /// <summary>Set before the run.</summary>
    public ISessionSink Stage { get; set; } = null!;

    /// <summary>Episodes of a kind, in order of time; complete after <see cref="Complete"/>.</summary>
    public IReadOnlyList<Episode> Of(EpisodeKind kind) => _episodes[(int)kind];

    public bool WantsSamples(string deviceId) => Stage.WantsSamples(deviceId);

    public void OnWindow(RhythmWindow window) => Stage.OnWindow(window);

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => Stage.OnWindowDropped(recipe, deviceId, startUnixNs);

    public void OnBeat(in Beat beat)
    {
        _alarms.OnBeat(beat, _transitions);
        Watch();
        Stage.OnBeat(in beat);
    }

    public void OnBeatUnclassified(in Beat beat) => Stage.OnBeatUnclassified(in beat);

    /// <summary>From the stage.</summary>
    public void OnClassified(ClassifiedBeat beat)
    {
        _alarms.OnBeat(beat, _transitions);
        Watch();
    }

    public void OnVitals(in VitalsSecond vitals) => Stage.OnVitals(in vitals);

    public void OnStatus(in SignalStatus status)
    {
        _alarms.OnStatus(status, _transitions);
        Watch();
        Stage.OnStatus(in status);
    }

    public void OnGap(in SignalGap gap) => Stage.OnGap(in gap);

    public void OnSamples(in FilteredSamples samples) => Stage.OnSamples(in samples);

    /// <summary>The record is over: what still holds ends with it.</summary>
    public void Complete()
    {
        foreach (var kind in EpisodeKinds.All)
        {
            Close(kind, _time.SampleCount);
        }
    }

    private void Watch()
    {
        var now = Math.Min(_time.SampleCount, _time.SampleAt(_clock.UnixNs));
        foreach (var kind in EpisodeKinds.All)
        {
            var present = _alarms.IsPresent(kind.Condition());
            if (present && _open[(int)kind] is null)
            {
                var told = _transitions.FindLast(record => record.Condition == kind.Condition());
                var earliest = Of(kind) is [.., var last] ? Math.Min(last.End, now) : 0;
                _open[(int)kind] = (told is null ? now : Math.Clamp(_time.SampleAt(told.OnsetUnixNs), earliest, now), now);
            }
            else if (!present)
            {
                Close(kind, now);
            }
        }

        _transitions.Clear();
    }

    private void Close(EpisodeKind kind, long end)
    {
        if (_open[(int)kind] is { } open && end > open.Onset)
        {
            _episodes[(int)kind].Add(new Episode(open.Onset, end, open.Told));
        }

        _open[(int)kind] = null;
    }
}
