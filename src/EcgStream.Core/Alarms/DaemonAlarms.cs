using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Technical alarms of the daemon itself: what it cannot do for any patient now. A condition is raised as soon as it is told and ends when it
/// was not for <see cref="ClearAfter"/>, so that what comes and goes is one alarm. Not thread-safe. Times are the daemon's clock.
/// </summary>
public sealed class DaemonAlarms
{
    /// <summary>Stands where a device's id stands; no device may have it, for its <c>$</c>.</summary>
    public const string DeviceId = "$daemon";

    public static readonly TimeSpan ClearAfter = TimeSpan.FromSeconds(5);

    private readonly FaultRule[] _rules;
    private readonly AlarmLedger _ledger;

    public DaemonAlarms(IEnumerable<AlarmCondition> conditions, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(clock);
        _rules = [.. conditions.Distinct().Select(condition => new FaultRule(condition, clock))];
        _ledger = new AlarmLedger(DeviceId, _rules, new ArrhythmiaLimits(), clock);
    }

    /// <summary>Goes on with an alarm that was open when the daemon stopped; false if nothing decides its condition.</summary>
    public bool Restore(AlarmTransitionRecord open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return _ledger.Restore(open);
    }

    /// <summary>Takes what is wrong now, for people; null while nothing is.</summary>
    public void Tell(AlarmCondition condition, string? fault, List<AlarmTransitionRecord> transitions)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        foreach (var rule in _rules)
        {
            if (rule.Condition == condition)
            {
                _ledger.Take(rule, rule.Next(fault, _ledger.PublishedNow), 0, transitions);
            }
        }
    }

    public AcknowledgeOutcome Acknowledge(string alarmId, string user, List<AlarmTransitionRecord> transitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _ledger.Acknowledge(alarmId, user, _ledger.PublishedNow, transitions);
    }

    private sealed class FaultRule(AlarmCondition condition, TimeProvider clock) : AlarmRule(condition)
    {
        private const string Source = "daemon";
        private long _lastToldAt;
        private string _text = "";

        public override void Restore(AlarmTransitionRecord open) => (Present, _lastToldAt) = (true, clock.GetTimestamp());

        public override void Reset() => Present = false;

        public RuleDecision Next(string? fault, long nowUnixNs)
        {
            if (fault is null)
            {
                if (!Present || clock.GetElapsedTime(_lastToldAt) < ClearAfter)
                {
                    return default;
                }

                (Present, _text) = (false, "");
                return Decision(RuleSignal.End, nowUnixNs, "Over");
            }

            _lastToldAt = clock.GetTimestamp();
            if (Present && fault == _text)
            {
                return default;
            }

            var signal = Present ? RuleSignal.Change : RuleSignal.Begin;
            (Present, _text) = (true, fault);
            return Decision(signal, nowUnixNs, fault);
        }

        private static RuleDecision Decision(RuleSignal signal, long nowUnixNs, string text) =>
            new(signal, AlarmPriority.Medium, signal == RuleSignal.Begin ? nowUnixNs : 0, nowUnixNs, text, Source, 0, DeviceTime.One);
    }
}
