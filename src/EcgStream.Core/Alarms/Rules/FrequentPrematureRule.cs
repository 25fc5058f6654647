using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>At least <see cref="ArrhythmiaLimits.PrematurePerMinute"/> ventricular beats within a minute; low. Ends under three quarters of that, or when no beats come for a minute.</summary>
internal sealed class FrequentPrematureRule(LimitSource limits) : ArrhythmiaRule(AlarmCondition.FrequentPremature, AlarmPriority.Low, limits)
{
    private const double EndShare = 0.75;
    private const long SilentNs = 60_000_000_000;

    protected override bool WaitsForModels => true;

    protected override string Name => "Frequent ventricular beats";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.FrequentPremature;

    public override RuleDecision OnClassified(VentricularActivity beats)
    {
        var count = beats.PerMinute;
        if (Present)
        {
            LastSeenUnixNs = beats.NewestUnixNs;
            return count < EndShare * Limits.PrematurePerMinute ? End(beats.NewestUnixNs, count, PerMinute) : default;
        }

        return count < Limits.PrematurePerMinute
            ? default
            : Begin(
                beats.NewestUnixNs, beats.NewestUnixNs, string.Create(CultureInfo.InvariantCulture, $"Frequent ventricular beats: {count} within a minute"), count, PerMinute);
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        LastSeenUnixNs = Math.Min(LastSeenUnixNs, status.TimeUnixNs);
        return Present && status.TimeUnixNs - LastSeenUnixNs >= SilentNs ? End(status.TimeUnixNs) : default;
    }
}
