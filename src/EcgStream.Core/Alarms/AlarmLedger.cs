using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Alarms;

/// <summary>
/// The open episodes of one device, at most one per condition, and what becomes of them as its rules decide. A condition is told while it is present, its
/// limits let it alarm, and none that is worse takes its place (<see cref="AlarmChain"/>); when the worse one ends first, the other is raised then.
/// Not thread-safe. Nothing is allocated when nothing changes.
/// </summary>
internal sealed class AlarmLedger
{
    private readonly string _deviceId;
    private readonly AlarmRule[] _rules;
    private readonly TimeProvider _clock;
    private readonly int[][] _worse;
    private readonly AlarmEpisode?[] _open;
    private readonly RuleDecision[] _decided;
    private readonly bool[] _told;

    /// <param name="rules">Worst first.</param>
    public AlarmLedger(string deviceId, AlarmRule[] rules, ArrhythmiaLimits limits, TimeProvider clock)
    {
        _deviceId = deviceId;
        _rules = rules;
        _clock = clock;
        _worse = AlarmChain.Of(rules);
        _open = new AlarmEpisode?[rules.Length];
        _decided = new RuleDecision[rules.Length];
        _told = new bool[rules.Length];
        Limits = limits;
    }

    public ArrhythmiaLimits Limits { get; private set; }

    /// <summary>Nothing can be analysed now: what a worse condition hid is not told when that one ends.</summary>
    public bool HoldsBack { get; set; }

    public AudioPause? AudioPause { get; set; }

    public bool IsPaused => AudioPause is { } pause && pause.Remaining(_clock) > TimeSpan.Zero;

    public long PublishedNow => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Nanoseconds();

    public bool IsEmpty => Array.TrueForAll(_open, static episode => episode is null);

    public IEnumerable<AlarmTransitionRecord> Open()
    {
        foreach (var episode in _open)
        {
            if (episode is not null)
            {
                yield return episode.Last;
            }
        }
    }

    public AlarmEpisode? this[AlarmCondition condition] => IndexOf(condition) is >= 0 and var index ? _open[index] : null;

    /// <summary>Goes on with an episode of the journal; the rule is told unless it is latched. False if no rule decides its condition.</summary>
    public bool Restore(AlarmTransitionRecord open)
    {
        var index = IndexOf(open.Condition);
        if (index < 0)
        {
            return false;
        }

        _open[index] = new AlarmEpisode(open);
        if (open.State != AlarmState.Latched)
        {
            _rules[index].Restore(open);
            _decided[index] = new RuleDecision(
                RuleSignal.Begin, open.Priority, open.OnsetUnixNs, open.EventUnixNs, Unmarked(open.Message), open.Source, open.Value, open.Unit);
            _told[index] = true;
        }

        return true;
    }

    /// <summary>Takes what a rule decided.</summary>
    public void Take(AlarmRule rule, in RuleDecision decision, ulong sessionId, List<AlarmTransitionRecord> transitions)
    {
        if (decision.Signal == RuleSignal.None)
        {
            return;
        }

        var index = Array.IndexOf(_rules, rule);
        if (decision.Signal == RuleSignal.End)
        {
            if (_told[index])
            {
                _told[index] = false;
                End(index, decision, transitions);
            }
        }
        else
        {
            // A change without an onset of its own goes on from the one that began it.
            _decided[index] = decision.OnsetUnixNs != 0 ? decision : decision with { OnsetUnixNs = _decided[index].OnsetUnixNs };
            if (!IsHidden(index))
            {
                _told[index] = true;
                Tell(index, decision, sessionId, transitions);
            }
            else if (rule.IsEvent)
            {
                rule.Reset();
            }
        }

        Rechain(decision.EventUnixNs, sessionId, transitions);
    }

    /// <summary>New limits: what they switch off ends, what they switch on is told if it is present.</summary>
    public void Use(ArrhythmiaLimits limits, long eventUnixNs, ulong sessionId, List<AlarmTransitionRecord> transitions)
    {
        Limits = limits;
        Rechain(eventUnixNs, sessionId, transitions);
    }

    public AcknowledgeOutcome Acknowledge(string alarmId, string user, long deviceTimeUnixNs, List<AlarmTransitionRecord> transitions)
    {
        var index = Array.FindIndex(_open, episode => episode?.Last.AlarmId == alarmId);
        if (index < 0)
        {
            return AcknowledgeOutcome.NotOpen;
        }

        var alarm = _open[index]!;
        if (alarm.State == AlarmState.Acknowledged)
        {
            return AcknowledgeOutcome.AlreadyAcknowledged;
        }

        var latched = alarm.State == AlarmState.Latched;
        var now = Math.Max(alarm.Last.EventUnixNs, deviceTimeUnixNs);
        transitions.Add(alarm.Acknowledge(user, now, PublishedNow));
        if (latched)
        {
            transitions.Add(alarm.Close(now, PublishedNow));
            _open[index] = null;
        }

        return AcknowledgeOutcome.Acknowledged;
    }

    /// <summary>Ends an episode that nobody has seen: it stays, latched, whatever its priority.</summary>
    public void Latch(AlarmRule rule, in RuleDecision decision, List<AlarmTransitionRecord> transitions)
    {
        var index = Array.IndexOf(_rules, rule);
        _told[index] = false;
        transitions.Add(_open[index]!.EndCondition(decision, PublishedNow, latchUnseen: true));
    }

    /// <summary>Clears every open episode, seen or not, latched or not.</summary>
    public void CloseAll(long eventUnixNs, string why, List<AlarmTransitionRecord> transitions)
    {
        for (var index = 0; index < _rules.Length; index++)
        {
            _told[index] = false;
            if (_open[index] is { } episode)
            {
                transitions.Add(episode.Supersede(eventUnixNs, PublishedNow, why));
                _open[index] = null;
            }
        }
    }

    private bool IsHidden(int index)
    {
        if (!_rules[index].IsOn(Limits))
        {
            return true;
        }

        foreach (var other in _worse[index])
        {
            if (_rules[other].Present && _rules[other].IsOn(Limits))
            {
                return true;
            }
        }

        return false;
    }

    // Worst first: whoever follows sees the worse one before what it takes the place of ends.
    private void Rechain(long eventUnixNs, ulong sessionId, List<AlarmTransitionRecord> transitions)
    {
        for (var index = 0; index < _rules.Length; index++)
        {
            var tells = _rules[index].Present && !IsHidden(index);
            if (tells == _told[index] || (tells && HoldsBack))
            {
                continue;
            }

            _told[index] = tells;
            if (tells)
            {
                Tell(index, _decided[index] with { EventUnixNs = eventUnixNs }, sessionId, transitions);
            }
            else if (_open[index] is { State: not AlarmState.Latched } episode)
            {
                // Not latched, seen or not: the worse one needs to be seen in its place, and what was switched off was switched off by somebody.
                transitions.Add(episode.Supersede(eventUnixNs, PublishedNow, _rules[index].IsOn(Limits) ? "worse took its place" : "switched off"));
                _open[index] = null;
                if (_rules[index].IsEvent)
                {
                    _rules[index].Reset();
                }
            }
        }
    }

    private void End(int index, in RuleDecision decision, List<AlarmTransitionRecord> transitions)
    {
        // A latched alarm has no condition left to end; it waits for its acknowledgement.
        if (_open[index] is { State: not AlarmState.Latched } episode)
        {
            transitions.Add(episode.EndCondition(decision, PublishedNow));
            _open[index] = episode.State == AlarmState.Cleared ? null : episode;
        }
    }

    private void Tell(int index, in RuleDecision decision, ulong sessionId, List<AlarmTransitionRecord> transitions)
    {
        ref var episode = ref _open[index];
        if (episode is not null && IsAnotherEpisode(episode, decision.Priority))
        {
            transitions.Add(episode.Close(decision.EventUnixNs, PublishedNow));
            episode = null;
        }

        if (episode is null)
        {
            episode = new AlarmEpisode(Raise(_rules[index].Condition, decision, sessionId)) { RaisedInPause = IsPaused };
            transitions.Add(episode.Last);
        }
        else
        {
            transitions.Add(episode.Update(decision, PublishedNow));
        }
    }

    private static bool IsAnotherEpisode(AlarmEpisode episode, AlarmPriority priority) =>
        episode.State == AlarmState.Latched
        || priority < episode.Last.Priority
        || (episode.State == AlarmState.Acknowledged && priority > episode.Last.Priority);

    private AlarmTransitionRecord Raise(AlarmCondition condition, in RuleDecision decision, ulong sessionId) => new(
        AlarmId.Create(_deviceId, sessionId, condition, decision.OnsetUnixNs, decision.EventUnixNs),
        _deviceId, condition, condition.Kind(), decision.Priority, AlarmState.Active, AlarmTransition.Raised,
        decision.OnsetUnixNs, decision.EventUnixNs, PublishedNow,
        decision.Priority.Marked(decision.Text), decision.Source, decision.Value, decision.Unit, AcknowledgedBy: "");

    private int IndexOf(AlarmCondition condition)
    {
        for (var index = 0; index < _rules.Length; index++)
        {
            if (_rules[index].Condition == condition)
            {
                return index;
            }
        }

        return -1;
    }

    private static string Unmarked(string message) => message.TrimStart('*', ' ');
}
