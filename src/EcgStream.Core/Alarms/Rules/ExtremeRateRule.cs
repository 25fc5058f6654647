using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// A rate beyond the extreme limits over a number of beats in a row; high, latching. The rate is that of the mean interval without the longest and the shortest
/// eighth, so that one missed or one doubled beat does not hide it; half of the intervals must be too long for bradycardia, for one pause is none. Ends when the last beats are within the limit by a margin, or when no beat came for as long as
/// asystole takes: that is another condition. Decided at the deciding beat, about 0.16 s after it.
/// </summary>
internal sealed class ExtremeRateRule(AlarmCondition condition, LimitSource limits) : ArrhythmiaRule(condition, AlarmPriority.High, limits)
{
    private const int Most = 32;
    private const double Margin = 0.05;
    private const int EndingFast = 8;
    private const int EndingSlow = 4;
    private const double LongShare = 0.9;
    private const long LongGapNs = 4_000_000_000;

    private readonly double[] _intervals = new double[Most];
    private int _count;
    private long _lastUnixNs;

    protected override string Name => IsFast ? "Extreme tachycardia" : "Extreme bradycardia";

    private bool IsFast => Condition == AlarmCondition.ExtremeTachycardia;

    public override bool IsOn(ArrhythmiaLimits limits) => limits.ExtremeRates;

    public override void Reset()
    {
        base.Reset();
        _count = 0;
    }

    public override RuleDecision OnDetected(in Beat beat)
    {
        var since = beat.TimeUnixNs - _lastUnixNs;
        _lastUnixNs = beat.TimeUnixNs;
        if (beat.RrMilliseconds is not { } interval)
        {
            // The intervals on both sides of a short gap are good.
            _count = since is >= 0 and <= LongGapNs ? _count : 0;
            return default;
        }

        _intervals.AsSpan(0, Most - 1).CopyTo(_intervals.AsSpan(1));
        _intervals[0] = interval;
        _count = Math.Min(Most, _count + 1);
        if (Present)
        {
            LastSeenUnixNs = beat.TimeUnixNs;
            var ending = IsFast ? EndingFast : EndingSlow;
            if (_count < ending)
            {
                return default;
            }

            var now = Rate(ending);
            var over = IsFast ? now < (1 - Margin) * Limits.ExtremeTachycardiaBpm : now > (1 + Margin) * Limits.ExtremeBradycardiaBpm;
            return over ? End(beat.TimeUnixNs, now, PerMinute) : default;
        }

        var needed = (IsFast ? Limits.ExtremeTachycardiaBeats : Limits.ExtremeBradycardiaBeats) - 1;
        if (_count < needed)
        {
            return default;
        }

        var rate = Rate(needed);
        var extreme = IsFast ? rate > Limits.ExtremeTachycardiaBpm : rate < Limits.ExtremeBradycardiaBpm && 2 * Long(needed) >= needed;
        return extreme
            ? Begin(Onset(beat.TimeUnixNs, needed), beat.TimeUnixNs, string.Create(CultureInfo.InvariantCulture, $"{Name}: {rate:F0}/min"), rate, PerMinute)
            : default;
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        LastSeenUnixNs = Math.Min(LastSeenUnixNs, status.TimeUnixNs);
        return Present && status.TimeUnixNs - LastSeenUnixNs >= (long)(Math.Max(Limits.AsystoleSeconds, 4) * 1e9) ? End(status.TimeUnixNs) : default;
    }

    private double Rate(int intervals)
    {
        Span<double> sorted = stackalloc double[Most];
        sorted = sorted[..intervals];
        _intervals.AsSpan(0, intervals).CopyTo(sorted);
        sorted.Sort();
        var cut = intervals / 8;
        var sum = 0.0;
        foreach (var interval in sorted[cut..^cut])
        {
            sum += interval;
        }

        return 60_000 * (intervals - (2 * cut)) / sum;
    }

    // One pause among fast beats brings the mean under the limit, but is no bradycardia.
    private int Long(int intervals)
    {
        var count = 0;
        foreach (var interval in _intervals.AsSpan(0, intervals))
        {
            count += interval > LongShare * 60_000 / Limits.ExtremeBradycardiaBpm ? 1 : 0;
        }

        return count;
    }

    private long Onset(long beatUnixNs, int intervals)
    {
        var milliseconds = 0.0;
        foreach (var interval in _intervals.AsSpan(0, intervals))
        {
            milliseconds += interval;
        }

        return beatUnixNs - (long)(milliseconds * 1e6);
    }
}
