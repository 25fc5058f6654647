using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// An interval of <see cref="ArrhythmiaLimits.PauseSeconds"/> or more between two beats; medium. Decided by the beat that ends it. One that was asystole was told as that,
/// and is hidden by it.
/// </summary>
internal sealed class PauseRule(LimitSource limits, AlarmOptions options) : EventRule(AlarmCondition.Pause, AlarmPriority.Medium, limits, options)
{
    protected override string Name => "Pause";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.Pauses;

    public override RuleDecision OnDetected(in Beat beat)
    {
        if (beat.RrMilliseconds is not { } interval)
        {
            return default;
        }

        var seconds = interval / 1000.0;
        return seconds < Limits.PauseSeconds
            ? default
            : Happened(
                beat.TimeUnixNs - (long)(seconds * 1e9), beat.TimeUnixNs, string.Create(CultureInfo.InvariantCulture, $"Pause of {seconds:F1} s"), seconds, DeviceTime.Seconds);
    }
}
