namespace EcgStream.Core.Alarms;

/// <summary>
/// One alarm from raise to clear, after IEC 60601-1-8. Active → acknowledged → cleared, or active → cleared; an alarm of high
/// priority about the patient that ends unseen is latched until somebody acknowledges it. Holds the last transition; makes the next.
/// </summary>
internal sealed class AlarmEpisode(AlarmTransitionRecord last)
{
    public AlarmTransitionRecord Last { get; private set; } = last;

    public AlarmState State => Last.State;

    /// <summary>Raised while an audio pause was running.</summary>
    public bool RaisedInPause { get; init; }

    public AlarmTransitionRecord Update(in RuleDecision decision, long publishedUnixNs) => Last = Last with
    {
        Transition = AlarmTransition.Updated,
        Priority = decision.Priority,
        EventUnixNs = decision.EventUnixNs,
        PublishedUnixNs = publishedUnixNs,
        Message = decision.Priority.Marked(decision.Text),
        Source = decision.Source,
        Value = decision.Value,
        Unit = decision.Unit,
    };

    /// <summary>The condition ended: latched or cleared.</summary>
    /// <param name="latchUnseen">Latched when nobody has seen it, whatever its priority.</param>
    public AlarmTransitionRecord EndCondition(in RuleDecision decision, long publishedUnixNs, bool latchUnseen = false)
    {
        var latches = State == AlarmState.Active && (latchUnseen || Last is { Priority: AlarmPriority.High, Kind: AlarmKind.Patient });
        return Last = Last with
        {
            Transition = latches ? AlarmTransition.Latched : AlarmTransition.Cleared,
            State = latches ? AlarmState.Latched : AlarmState.Cleared,
            EventUnixNs = decision.EventUnixNs,
            PublishedUnixNs = publishedUnixNs,
            Message = Last.Priority.Marked(decision.Text),
            Source = decision.Source,
            Value = decision.Value,
            Unit = decision.Unit,
        };
    }

    public AlarmTransitionRecord Acknowledge(string user, long eventUnixNs, long publishedUnixNs) => Last = Last with
    {
        Transition = AlarmTransition.Acknowledged,
        State = AlarmState.Acknowledged,
        EventUnixNs = eventUnixNs,
        PublishedUnixNs = publishedUnixNs,
        AcknowledgedBy = user,
    };

    /// <summary>Clears it while its condition may go on: a worse one is told in its place, or it was switched off.</summary>
    public AlarmTransitionRecord Supersede(long eventUnixNs, long publishedUnixNs, string why) => Last = Last with
    {
        Transition = AlarmTransition.Cleared,
        State = AlarmState.Cleared,
        EventUnixNs = Math.Max(Last.EventUnixNs, eventUnixNs),
        PublishedUnixNs = publishedUnixNs,
        Message = Last.Message + ": " + why,
    };

    /// <summary>Ends it whatever its state: the condition is over already, or a new episode takes its place.</summary>
    public AlarmTransitionRecord Close(long eventUnixNs, long publishedUnixNs) => Last = Last with
    {
        Transition = AlarmTransition.Cleared,
        State = AlarmState.Cleared,
        EventUnixNs = eventUnixNs,
        PublishedUnixNs = publishedUnixNs,
    };
}
