using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>A ventricular beat so early that it falls on the T wave before it: its interval is under a third of the mean interval; medium.</summary>
internal sealed class ROnTRule(LimitSource limits, AlarmOptions options) : EventRule(AlarmCondition.ROnT, AlarmPriority.Medium, limits, options)
{
    private const double Share = 1.0 / 3;

    protected override bool WaitsForModels => true;

    protected override string Name => "R on T";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.ROnT;

    public override RuleDecision OnClassified(VentricularActivity beats) =>
        beats.NewestIsVentricular && beats.RunLength == 1 && beats.Prematurity is > 0 and < Share
            ? Happened(
                beats.NewestUnixNs, beats.NewestUnixNs,
                string.Create(CultureInfo.InvariantCulture, $"R on T: a ventricular beat after {100 * beats.Prematurity:F0} % of the mean interval"), beats.Prematurity, DeviceTime.One)
            : default;
}
