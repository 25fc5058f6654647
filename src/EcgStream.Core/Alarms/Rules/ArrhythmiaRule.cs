using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>What the rules of the rhythm share: one priority each, limits that may change at any time, an end when the signal is lost.</summary>
internal abstract class ArrhythmiaRule(AlarmCondition condition, AlarmPriority priority, LimitSource limits) : AlarmRule(condition)
{
    public const string PerMinute = "/min";

    private readonly string _source = "rule/" + condition.Tag().Replace('_', '-');

    protected ArrhythmiaLimits Limits => limits.Current;

    /// <summary>Device clock at which the condition was last seen to hold.</summary>
    protected long LastSeenUnixNs { get; set; }

    public override void Restore(AlarmTransitionRecord open)
    {
        Reset();
        Present = true;
        LastSeenUnixNs = open.EventUnixNs;
    }

    public override void Reset() => Present = false;

    public override RuleDecision OnSignalLost(long timeUnixNs, string why)
    {
        if (!Present)
        {
            return default;
        }

        Reset();
        return new RuleDecision(RuleSignal.End, priority, 0, timeUnixNs, Name + " no longer assessed: " + why, _source, 0, DeviceTime.One);
    }

    /// <summary>Results of the last samples may still be computed when the session ends: it is closed when none can come any more.</summary>
    public override RuleDecision OnSessionEnded(long timeUnixNs, string why) => WaitsForModels ? default : OnSignalLost(timeUnixNs, why);

    /// <summary>Decides by what models say, which comes later than the signal.</summary>
    protected virtual bool WaitsForModels => false;

    /// <summary>As it is told to people.</summary>
    protected abstract string Name { get; }

    protected RuleDecision Begin(long onsetUnixNs, long eventUnixNs, string text, double value, string unit)
    {
        Present = true;
        LastSeenUnixNs = eventUnixNs;
        return new RuleDecision(RuleSignal.Begin, priority, onsetUnixNs, eventUnixNs, text, _source, value, unit);
    }

    protected RuleDecision Change(long eventUnixNs, string text, double value, string unit) =>
        new(RuleSignal.Change, priority, 0, eventUnixNs, text, _source, value, unit);

    protected RuleDecision End(long eventUnixNs, double value = 0, string unit = DeviceTime.One)
    {
        Present = false;
        return new RuleDecision(RuleSignal.End, priority, 0, eventUnixNs, Name + " ended", _source, value, unit);
    }
}
