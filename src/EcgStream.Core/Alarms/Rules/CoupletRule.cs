using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>Two ventricular beats in a row, no more: decided at the beat after them; low.</summary>
internal sealed class CoupletRule(LimitSource limits, AlarmOptions options) : EventRule(AlarmCondition.VentricularCouplet, AlarmPriority.Low, limits, options)
{
    protected override bool WaitsForModels => true;

    protected override string Name => "Ventricular couplet";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.Couplets;

    public override RuleDecision OnClassified(VentricularActivity beats) =>
        beats.EndedRunLength == 2 ? Happened(beats.RunStartUnixNs, beats.NewestUnixNs, Name, 2, DeviceTime.One) : default;
}
