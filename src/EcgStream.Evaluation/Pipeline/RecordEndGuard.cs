using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>Keeps from a sink what lies behind the recording's end, in the padding: there is no patient there.</summary>
internal sealed class RecordEndGuard(ISessionSink inner, long endUnixNs) : ISessionSink
{
    // A second, a window or a chunk may end a sample late by rounding to 500 Hz.
    private const long RoundingNs = 2_000_000;

    private readonly long _lastUnixNs = endUnixNs + RoundingNs;

    public bool WantsSamples(string deviceId) => inner.WantsSamples(deviceId);

    public void OnWindow(RhythmWindow window)
    {
        if (window.Beat is { } beat ? beat.TimeUnixNs < endUnixNs : window.EndUnixNs <= _lastUnixNs)
        {
            inner.OnWindow(window);
        }
        else
        {
            window.Return();
        }
    }

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => inner.OnWindowDropped(recipe, deviceId, startUnixNs);

    public void OnBeat(in Beat beat)
    {
        if (beat.TimeUnixNs < endUnixNs)
        {
            inner.OnBeat(in beat);
        }
    }

    public void OnBeatUnclassified(in Beat beat)
    {
        if (beat.TimeUnixNs < endUnixNs)
        {
            inner.OnBeatUnclassified(in beat);
        }
    }

    public void OnVitals(in VitalsSecond vitals)
    {
        if (vitals.EndUnixNs <= _lastUnixNs)
        {
            inner.OnVitals(in vitals);
        }
    }

    public void OnStatus(in SignalStatus status)
    {
        if (status.TimeUnixNs <= _lastUnixNs)
        {
            inner.OnStatus(in status);
        }
    }

    public void OnGap(in SignalGap gap) => inner.OnGap(in gap);

    // Whole: a piece that reaches over the end is needed for the windows of the last beats.
    public void OnSamples(in FilteredSamples samples) => inner.OnSamples(in samples);
}
