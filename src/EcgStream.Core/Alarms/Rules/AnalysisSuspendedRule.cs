using System.Numerics;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// Electrodes are on, but for <see cref="AlarmOptions.SuspendedAfter"/> no lead showed a signal that beats could be told in: each is saturated, too noisy or dead.
/// Technical, medium: whoever follows must know that no arrhythmia would be seen. A flat lead is not among them, for asystole is flat; one that does not move
/// at all is, for a patient's never does that. Ends after
/// <see cref="AlarmOptions.ResumedAfter"/> of a good one. What electrodes that are off take away is told as lead-off.
/// </summary>
internal sealed class AnalysisSuspendedRule(LimitSource limits, AlarmOptions options)
    : ArrhythmiaRule(AlarmCondition.AnalysisSuspended, AlarmPriority.Medium, limits)
{
    private readonly long _after = options.SuspendedAfter.Nanoseconds();
    private readonly long _resumed = options.ResumedAfter.Nanoseconds();
    private Debounce _unusable;

    protected override string Name => "Arrhythmia analysis suspended";

    public override void Restore(AlarmTransitionRecord open)
    {
        base.Restore(open);
        _unusable.Set(true, open.OnsetUnixNs);
    }

    public override void Reset()
    {
        base.Reset();
        _unusable = default;
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        var on = status.LeadsPresent & ~status.LeadsOff;
        var bad = on & ((status.LeadsPoor & ~status.LeadsFlat) | status.LeadsDead);
        var unusable = on != 0 && (status.AnalysableSinceUnixNs is null || bad == on);
        if (!_unusable.Next(unusable, status.TimeUnixNs, _after, _resumed))
        {
            return default;
        }

        return _unusable.On
            ? Begin(
                _unusable.SinceUnixNs, status.TimeUnixNs,
                Cause(status) + ": arrhythmia analysis suspended",
                BitOperations.PopCount(on), DeviceTime.One)
            : End(status.TimeUnixNs);
    }

    private static string Cause(in SignalStatus status) => status.AllLeadsDead ? "ECG input is dead"
        : status.AnalysableSinceUnixNs is null ? "ECG saturated"
        : "ECG too noisy";
}
