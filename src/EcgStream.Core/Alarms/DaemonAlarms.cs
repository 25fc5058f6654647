using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Technical alarms of the daemon itself: what it cannot do for any patient now, one alarm for each condition of each
/// source. A condition is raised as soon as it is told and ends when it was not for <see cref="ClearAfter"/>, so that
/// what comes and goes is one alarm. Not thread-safe. Times are the daemon's clock.
/// </summary>
public sealed class DaemonAlarms
{
    /// <summary>Stands where a device's id stands; no device may have it, for its <c>$</c>.</summary>
    public const string DeviceId = "$daemon";

    /// <summary>The source of what is wrong with the daemon as a whole.</summary>
    public const string Source = "daemon";

    public static readonly TimeSpan ClearAfter = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly List<Entry> _entries = [];

    public DaemonAlarms(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
    }

    /// <summary>
    /// Goes on with an alarm that was open when the daemon stopped: it ends unless it is told again. False if this
    /// version does not know its condition.
    /// </summary>
    public bool Restore(AlarmTransitionRecord open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return Enum.IsDefined(open.Condition) && EntryOf(open.Condition, open.Source).Ledger.Restore(open);
    }

    /// <summary>Takes what is wrong now. Call <see cref="TellOthers"/> after the last of them.</summary>
    /// <param name="source">What it is wrong with, as alarms name it; one of a few.</param>
    /// <param name="fault">For people, without its changing details.</param>
    public void Tell(
        AlarmCondition condition, string source, AlarmPriority priority, string fault,
        List<AlarmTransitionRecord> transitions)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(fault);
        var entry = EntryOf(condition, source);
        entry.Told = true;
        Take(entry, entry.Rule.Next(fault, priority, entry.Ledger.PublishedNow), transitions);
    }

    /// <summary>Says that nothing is wrong beside what was told since the last call.</summary>
    public void TellOthers(List<AlarmTransitionRecord> transitions)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        foreach (var entry in _entries)
        {
            if (!entry.Told)
            {
                Take(entry, entry.Rule.Over(entry.Ledger.PublishedNow), transitions);
            }

            entry.Told = false;
        }
    }

    public AcknowledgeOutcome Acknowledge(string alarmId, string user, List<AlarmTransitionRecord> transitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        foreach (var entry in _entries)
        {
            var outcome = entry.Ledger.Acknowledge(alarmId, user, entry.Ledger.PublishedNow, transitions);
            if (outcome != AcknowledgeOutcome.NotOpen)
            {
                return outcome;
            }
        }

        return AcknowledgeOutcome.NotOpen;
    }

    // The entry's number stands where a session's would: two sources that fail at the same instant are two alarms.
    private static void Take(Entry entry, in RuleDecision decision, List<AlarmTransitionRecord> transitions) =>
        entry.Ledger.Take(entry.Rule, decision, entry.Number, transitions);

    private Entry EntryOf(AlarmCondition condition, string source)
    {
        foreach (var entry in _entries)
        {
            if (entry.Rule.Condition == condition && entry.Rule.Source == source)
            {
                return entry;
            }
        }

        var rule = new FaultRule(condition, source, _clock);
        var ledger = new AlarmLedger(DeviceId, [rule], new ArrhythmiaLimits(), _clock);
        var added = new Entry(rule, ledger, (ulong)_entries.Count);
        _entries.Add(added);
        return added;
    }

    private sealed record Entry(FaultRule Rule, AlarmLedger Ledger, ulong Number)
    {
        public bool Told { get; set; }
    }

    private sealed class FaultRule(AlarmCondition condition, string source, TimeProvider clock) : AlarmRule(condition)
    {
        private long _lastToldAt;
        private AlarmPriority _priority;
        private string _text = "";

        public string Source => source;

        public override void Restore(AlarmTransitionRecord open) =>
            (Present, _priority, _lastToldAt) = (true, open.Priority, clock.GetTimestamp());

        public override void Reset() => Present = false;

        public RuleDecision Next(string fault, AlarmPriority priority, long nowUnixNs)
        {
            _lastToldAt = clock.GetTimestamp();
            if (Present && fault == _text && priority == _priority)
            {
                return default;
            }

            var signal = Present ? RuleSignal.Change : RuleSignal.Begin;
            (Present, _priority, _text) = (true, priority, fault);
            return Decision(signal, nowUnixNs, fault);
        }

        public RuleDecision Over(long nowUnixNs)
        {
            if (!Present || clock.GetElapsedTime(_lastToldAt) < ClearAfter)
            {
                return default;
            }

            (Present, _text) = (false, "");
            return Decision(RuleSignal.End, nowUnixNs, "Over");
        }

        private RuleDecision Decision(RuleSignal signal, long nowUnixNs, string text)
        {
            var onset = signal == RuleSignal.Begin ? nowUnixNs : 0;
            return new RuleDecision(signal, _priority, onset, nowUnixNs, text, source, 0, DeviceTime.One);
        }
    }
}
