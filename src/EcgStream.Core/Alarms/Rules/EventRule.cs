using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// A condition that happens rather than lasts: a couplet, an R on T, a pause. It is present from the event on and ends when it has not come again for
/// <see cref="AlarmOptions.EventHold"/>; what comes again meanwhile makes it last.
/// </summary>
internal abstract class EventRule(AlarmCondition condition, AlarmPriority priority, LimitSource limits, AlarmOptions options)
    : ArrhythmiaRule(condition, priority, limits)
{
    private readonly long _hold = options.EventHold.Nanoseconds();

    public override bool IsEvent => true;

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        if (!Present)
        {
            return default;
        }

        // A device clock that was set back must not hold the alarm until it has caught up again.
        LastSeenUnixNs = Math.Min(LastSeenUnixNs, status.TimeUnixNs);
        return status.TimeUnixNs - LastSeenUnixNs >= _hold ? End(status.TimeUnixNs) : default;
    }

    /// <summary>It happened.</summary>
    protected RuleDecision Happened(long onsetUnixNs, long eventUnixNs, string text, double value, string unit)
    {
        if (!Present)
        {
            return Begin(onsetUnixNs, eventUnixNs, text, value, unit);
        }

        LastSeenUnixNs = Math.Max(LastSeenUnixNs, eventUnixNs);
        return default;
    }
}
