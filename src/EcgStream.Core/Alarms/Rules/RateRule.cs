using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// The mean heart rate (see <see cref="HeartRateMeter"/>) beyond its limit for 3 s; medium. Ends when it has been within the limit by 3/min for 3 s, or has not been known
/// for so long.
/// </summary>
internal sealed class RateRule(AlarmCondition condition, LimitSource limits) : ArrhythmiaRule(condition, AlarmPriority.Medium, limits)
{
    private const double MarginBpm = 3;
    private const long TurnNs = 3_000_000_000;

    private Debounce _beyond;

    protected override string Name => IsHigh ? "High heart rate" : "Low heart rate";

    private bool IsHigh => Condition == AlarmCondition.HighRate;

    public override bool IsOn(ArrhythmiaLimits limits) => limits.Rates;

    public override void Restore(AlarmTransitionRecord open)
    {
        base.Restore(open);
        _beyond.Set(true, open.OnsetUnixNs);
    }

    public override void Reset()
    {
        base.Reset();
        _beyond = default;
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        var margin = Present ? MarginBpm : 0;
        var beyond = status.HeartRateBpm is { } rate && (IsHigh ? rate > Limits.HighRateBpm - margin : rate < Limits.LowRateBpm + margin);
        if (!_beyond.Next(beyond, status.TimeUnixNs, TurnNs, TurnNs))
        {
            return default;
        }

        var bpm = status.HeartRateBpm ?? 0;
        return _beyond.On
            ? Begin(_beyond.SinceUnixNs, status.TimeUnixNs, string.Create(CultureInfo.InvariantCulture, $"{Name}: {bpm:F0}/min"), bpm, PerMinute)
            : End(status.TimeUnixNs, bpm, PerMinute);
    }
}
