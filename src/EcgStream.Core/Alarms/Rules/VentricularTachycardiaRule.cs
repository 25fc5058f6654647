using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// At least <see cref="ArrhythmiaLimits.TachycardiaVentricularBeats"/> ventricular beats in a row at <see cref="ArrhythmiaLimits.TachycardiaVentricularBpm"/>, of which
/// less than half may have been taken for something else (<see cref="VentricularActivity.FastRateBpm"/>); high, latching, cannot be switched off. Decided at the class of the beat that completes it; or, whatever the
/// classes are, by 5 s of a regular, fast, wide wave (<see cref="WaveMeasure.Wide"/>). Ends at three other beats in a row, or when no ventricular beat came for 5 s.
/// </summary>
internal sealed class VentricularTachycardiaRule(LimitSource limits)
    : ArrhythmiaRule(AlarmCondition.VentricularTachycardia, AlarmPriority.High, limits)
{
    private const int EndingBeats = 3;
    private const long SilentNs = 5_000_000_000;

    // Without classes: a regular wide wave of at least this rate, twice in a row, which is 5 s of it. Slower ones are too often a bundle branch block's.
    private const float SureWave = 0.9f;
    private const float GoesOn = 0.5f;
    private const float LeastWaveBpm = 140;
    private const int Judgements = 2;

    private long _judgedUnixNs;
    private int _wide;

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

            return rate == 0 && _wide == 0 && beats.OthersSinceVentricular >= EndingBeats ? End(beats.NewestUnixNs) : default;
        }

        return rate < Limits.TachycardiaVentricularBpm
            ? default
            : Begin(
                beats.TimeOf(length - 1), beats.NewestUnixNs,
                string.Create(CultureInfo.InvariantCulture, $"Ventricular tachycardia: {length} beats at {rate:F0}/min"), rate, PerMinute);
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        var waves = status.Waves;
        if (waves.EndUnixNs != 0 && waves.EndUnixNs != _judgedUnixNs)
        {
            _judgedUnixNs = waves.EndUnixNs;
            var fast = waves.RateBpm >= Math.Max(LeastWaveBpm, Limits.TachycardiaVentricularBpm);
            _wide = fast && waves.Wide >= SureWave ? _wide + 1 : 0;
            if (Present && fast && waves.Wide >= GoesOn)
            {
                LastSeenUnixNs = waves.EndUnixNs;
            }
            else if (!Present && _wide >= Judgements)
            {
                return Begin(
                    waves.EndUnixNs - ((WaveMeter.Seconds + Judgements - 1) * 1_000_000_000L), waves.EndUnixNs,
                    string.Create(CultureInfo.InvariantCulture, $"Ventricular tachycardia: regular wide wave at {waves.RateBpm:F0}/min"), waves.RateBpm, PerMinute);
            }
        }

        if (!Present)
        {
            return default;
        }

        LastSeenUnixNs = Math.Min(LastSeenUnixNs, status.TimeUnixNs);
        return status.TimeUnixNs - LastSeenUnixNs >= SilentNs ? End(status.TimeUnixNs) : default;
    }

    public override void Reset()
    {
        base.Reset();
        _wide = 0;
    }
}
