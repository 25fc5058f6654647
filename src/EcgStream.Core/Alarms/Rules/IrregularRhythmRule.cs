using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// Irregular intervals for <see cref="AlarmOptions.IrregularAfter"/> (see <see cref="RrIrregularity"/>: neither a few premature beats nor bigeminy are irregular);
/// low. Ends when they have been regular for <see cref="AlarmOptions.RhythmSettle"/>. Atrial fibrillation is told in its place where a model sees it.
/// </summary>
internal sealed class IrregularRhythmRule(LimitSource limits, AlarmOptions options, RrIrregularity intervals)
    : ArrhythmiaRule(AlarmCondition.IrregularRhythm, AlarmPriority.Low, limits)
{
    private const double Begins = 0.1;
    private const double GoesOn = 0.06;

    private readonly long _after = options.IrregularAfter.Nanoseconds();
    private readonly long _settle = options.RhythmSettle.Nanoseconds();
    private Debounce _irregular;

    protected override string Name => "Irregular rhythm";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.IrregularRhythm;

    public override void Restore(AlarmTransitionRecord open)
    {
        base.Restore(open);
        _irregular.Set(true, open.OnsetUnixNs);
    }

    public override void Reset()
    {
        base.Reset();
        _irregular = default;
    }

    public override RuleDecision OnDetected(in Beat beat)
    {
        if (intervals.Value is not { } value)
        {
            return default;
        }

        if (!_irregular.Next(value >= (Present ? GoesOn : Begins), beat.TimeUnixNs, _after, _settle))
        {
            return default;
        }

        return _irregular.On
            ? Begin(
                _irregular.SinceUnixNs, beat.TimeUnixNs,
                string.Create(CultureInfo.InvariantCulture, $"Irregular rhythm: intervals change by {100 * value:F0} %"), value, DeviceTime.One)
            : End(beat.TimeUnixNs, value);
    }
}
