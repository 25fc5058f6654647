using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>A sink that takes nothing; a scoring overrides what it needs. Called on the run's thread.</summary>
internal abstract class RunSink : ISessionSink
{
    public virtual bool WantsSamples(string deviceId) => false;

    public virtual void OnWindow(RhythmWindow window) => window.Return();

    public virtual void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs)
    {
    }

    public virtual void OnBeat(in Beat beat)
    {
    }

    public virtual void OnBeatUnclassified(in Beat beat)
    {
    }

    public virtual void OnVitals(in VitalsSecond vitals)
    {
    }

    public virtual void OnStatus(in SignalStatus status)
    {
    }

    public virtual void OnGap(in SignalGap gap)
    {
    }

    public virtual void OnSamples(in FilteredSamples samples)
    {
    }
}
