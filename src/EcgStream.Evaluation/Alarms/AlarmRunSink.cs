using EcgStream.Core.Alarms;
using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Evaluation.Alarms;

/// <summary>
/// The alarms of one record, fed as the daemon feeds them: detected beats and states as they come, classes of beats when their model has spoken. Everything goes on to
/// the stage that classifies. One thread.
/// </summary>
internal sealed class AlarmRunSink(DeviceAlarms alarms, AlarmCondition watched, long fromUnixNs) : ISessionSink
{
    private long _newestUnixNs;

    /// <summary>Set before the run.</summary>
    public ISessionSink Stage { get; set; } = null!;

    public List<AlarmTransitionRecord> Transitions { get; } = [];

    /// <summary>The watched condition held at some time from the given one on.</summary>
    public bool Held { get; private set; }

    public bool WantsSamples(string deviceId) => Stage.WantsSamples(deviceId);

    public void OnWindow(RhythmWindow window) => Stage.OnWindow(window);

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => Stage.OnWindowDropped(recipe, deviceId, startUnixNs);

    public void OnBeat(in Beat beat)
    {
        alarms.OnBeat(beat, Transitions);
        Watch(beat.TimeUnixNs);
        Stage.OnBeat(in beat);
    }

    public void OnBeatUnclassified(in Beat beat) => Stage.OnBeatUnclassified(in beat);

    /// <summary>From the stage.</summary>
    public void OnClassified(ClassifiedBeat beat)
    {
        alarms.OnBeat(beat, Transitions);
        Watch(beat.Beat.TimeUnixNs);
    }

    public void OnVitals(in VitalsSecond vitals) => Stage.OnVitals(in vitals);

    public void OnStatus(in SignalStatus status)
    {
        alarms.OnStatus(status, Transitions);
        Watch(status.TimeUnixNs);
        Stage.OnStatus(in status);
    }

    public void OnGap(in SignalGap gap) => Stage.OnGap(in gap);

    public void OnSamples(in FilteredSamples samples) => Stage.OnSamples(in samples);

    // A class comes later than the signal: what it makes hold counts at the newest time that was seen.
    private void Watch(long unixNs)
    {
        _newestUnixNs = Math.Max(_newestUnixNs, unixNs);
        Held |= _newestUnixNs >= fromUnixNs && alarms.IsPresent(watched);
    }
}
