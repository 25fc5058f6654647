using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Evaluation.Pipeline;

namespace EcgStream.Evaluation.Tests.Pipeline;

/// <summary>Keeps beats, vitals and status of a run.</summary>
internal sealed class CollectingSink : RunSink
{
    public List<Beat> Beats { get; } = [];

    public List<VitalsSecond> Vitals { get; } = [];

    public List<SignalStatus> Status { get; } = [];

    public List<SignalGap> Gaps { get; } = [];

    public override void OnBeat(in Beat beat) => Beats.Add(beat);

    public override void OnVitals(in VitalsSecond vitals) => Vitals.Add(vitals);

    public override void OnStatus(in SignalStatus status) => Status.Add(status);

    public override void OnGap(in SignalGap gap) => Gaps.Add(gap);
}
