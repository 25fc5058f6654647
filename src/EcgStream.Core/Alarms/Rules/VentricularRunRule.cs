using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>Three ventricular beats in a row at any rate; medium. Faster and longer ones are ventricular tachycardia, which is told in its place.</summary>
internal sealed class VentricularRunRule(LimitSource limits, AlarmOptions options)
    : EventRule(AlarmCondition.VentricularRun, AlarmPriority.Medium, limits, options)
{
    private const int Beats = 3;

    protected override bool WaitsForModels => true;

    protected override string Name => "Ventricular run";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.Runs;

    public override RuleDecision OnClassified(VentricularActivity beats) => !beats.NewestIsVentricular || beats.RunLength < Beats
        ? default
        : Happened(
            beats.RunStartUnixNs, beats.NewestUnixNs,
            string.Create(CultureInfo.InvariantCulture, $"Ventricular run at {beats.RunRateBpm(Beats):F0}/min"), beats.RunRateBpm(Beats), PerMinute);
}
