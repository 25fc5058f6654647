using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// At least <see cref="ArrhythmiaLimits.TachycardiaVentricularBeats"/> ventricular beats in a row at <see cref="ArrhythmiaLimits.TachycardiaVentricularBpm"/>, of which
/// less than half may have been taken for something else (<see cref="VentricularActivity.FastRateBpm"/>); high, latching, cannot be switched off. Decided at the class of the beat that completes it. Ends at three other beats in a row, or when no ventricular beat came for 5 s.
/// </summary>
internal sealed class VentricularTachycardiaRule(LimitSource limits)
    : ArrhythmiaRule(AlarmCondition.VentricularTachycardia, AlarmPriority.High, limits)
{
    private const int EndingBeats = 3;
    private const long SilentNs = 5_000_000_000;

    protected override bool WaitsForModels => true;

    protected override string Name => "Ventricular tachycardia";

    public override RuleDecision OnClassified(VentricularActivity beats)
    {
        var length = Limits.TachycardiaVentricularBeats;
        var rate = beats.FastRateBpm(length);
        if (Present)
        {
            if (beats.NewestIsVentricular || rate > 0)
            {
                LastSeenUnixNs = beats.NewestUnixNs;
            }

            return rate == 0 && beats.OthersSinceVentricular >= EndingBeats ? End(beats.NewestUnixNs) : default;
        }

        return rate < Limits.TachycardiaVentricularBpm
            ? default
            : Begin(
                beats.TimeOf(length - 1), beats.NewestUnixNs,
                string.Create(CultureInfo.InvariantCulture, $"Ventricular tachycardia: {length} beats at {rate:F0}/min"), rate, PerMinute);
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        if (!Present)
        {
            return default;
        }

        LastSeenUnixNs = Math.Min(LastSeenUnixNs, status.TimeUnixNs);
        return status.TimeUnixNs - LastSeenUnixNs >= SilentNs ? End(status.TimeUnixNs) : default;
    }
}
