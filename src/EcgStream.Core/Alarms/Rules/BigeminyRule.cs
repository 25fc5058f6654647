using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// Three ventricular beats, one other beat between each two (bigeminy), or two (trigeminy); low. Ends when it has not gone on for <see cref="AlarmOptions.EventHold"/>.
/// </summary>
internal sealed class BigeminyRule(AlarmCondition condition, LimitSource limits, AlarmOptions options) : EventRule(condition, AlarmPriority.Low, limits, options)
{
    private const int Cycles = 3;

    protected override bool WaitsForModels => true;

    protected override string Name => Condition == AlarmCondition.VentricularBigeminy ? "Ventricular bigeminy" : "Ventricular trigeminy";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.Bigeminy;

    public override RuleDecision OnClassified(VentricularActivity beats)
    {
        var cycles = Condition == AlarmCondition.VentricularBigeminy ? beats.BigeminyCycles : beats.TrigeminyCycles;
        return beats.NewestIsVentricular && cycles >= Cycles
            ? Happened(beats.NewestUnixNs, beats.NewestUnixNs, Name, cycles, DeviceTime.One)
            : default;
    }
}
