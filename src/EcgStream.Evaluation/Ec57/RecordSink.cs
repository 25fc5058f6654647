using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Evaluation.Ec57;

/// <summary>Keeps a record's vitals and hands everything on to the stage that classifies.</summary>
internal sealed class RecordSink(ISessionSink stage) : ISessionSink
{
    private readonly List<VitalsSecond> _vitals = [];

    public IReadOnlyList<VitalsSecond> Vitals => _vitals;

    public bool WantsSamples(string deviceId) => stage.WantsSamples(deviceId);

    public void OnWindow(RhythmWindow window) => stage.OnWindow(window);

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => stage.OnWindowDropped(recipe, deviceId, startUnixNs);

    public void OnBeat(in Beat beat) => stage.OnBeat(in beat);

    public void OnBeatUnclassified(in Beat beat) => stage.OnBeatUnclassified(in beat);

    public void OnVitals(in VitalsSecond vitals)
    {
        _vitals.Add(vitals);
        stage.OnVitals(in vitals);
    }

    public void OnStatus(in SignalStatus status) => stage.OnStatus(in status);

    public void OnGap(in SignalGap gap) => stage.OnGap(in gap);

    public void OnSamples(in FilteredSamples samples) => stage.OnSamples(in samples);
}
