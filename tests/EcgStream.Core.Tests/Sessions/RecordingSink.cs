using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Tests.Sessions;

/// <summary>Keeps what a session put out.</summary>
internal sealed class RecordingSink : ISessionSink
{
    public List<(string Model, ulong Session, long Start, long End, WindowMarks Marks, float[] Input)> Windows { get; } = [];

    public List<(string Model, long Start)> Dropped { get; } = [];

    public List<Beat> Beats { get; } = [];

    public List<(string Model, Beat Beat, WindowMarks Marks, float[] Input)> BeatWindows { get; } = [];

    public List<Beat> Unclassified { get; } = [];

    public List<VitalsSecond> Vitals { get; } = [];

    public List<SignalStatus> Status { get; } = [];

    public List<SignalGap> Gaps { get; } = [];

    public Dictionary<EcgStream.Core.Signals.Lead, List<float>> Samples { get; } = [];

    public bool KeepWindows { get; set; } = true;

    public bool Live { get; set; }

    public bool WantsSamples(string deviceId) => Live;

    public void OnWindow(RhythmWindow window)
    {
        if (window.Beat is { } beat)
        {
            BeatWindows.Add((window.Recipe.Model, beat, window.Marks, window.Input.ToArray()));
            window.Return();
            return;
        }

        Windows.Add((window.Recipe.Model, window.SessionId, window.StartUnixNs, window.EndUnixNs, window.Marks, KeepWindows ? window.Input.ToArray() : []));
        window.Return();
    }

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => Dropped.Add((recipe.Model, startUnixNs));

    public void OnBeat(in Beat beat) => Beats.Add(beat);

    public void OnBeatUnclassified(in Beat beat) => Unclassified.Add(beat);

    public void OnVitals(in VitalsSecond vitals) => Vitals.Add(vitals);

    public void OnStatus(in SignalStatus status) => Status.Add(status);

    public void OnGap(in SignalGap gap) => Gaps.Add(gap);

    public void OnSamples(in FilteredSamples samples)
    {
        for (var row = 0; row < samples.Leads.Length; row++)
        {
            if (!Samples.TryGetValue(samples.Leads[row], out var kept))
            {
                Samples[samples.Leads[row]] = kept = [];
            }

            kept.AddRange(samples.Millivolts.Slice(row * samples.SamplesPerLead, samples.SamplesPerLead));
        }
    }
}
