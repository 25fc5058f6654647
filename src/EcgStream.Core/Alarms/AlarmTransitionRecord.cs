namespace EcgStream.Core.Alarms;

/// <summary>One transition of one alarm: an <c>ecgstream.v1.AlarmEvent</c> before the journal has given it a cursor.</summary>
/// <param name="AlarmId">One raise-to-clear episode, see <see cref="Alarms.AlarmId"/>.</param>
/// <param name="Priority">Priority after this transition.</param>
/// <param name="State">State after this transition.</param>
/// <param name="OnsetUnixNs">Device clock, start of the condition.</param>
/// <param name="EventUnixNs">
/// Device clock of the sample that decided this transition. Where no sample decided (no data, acknowledgement, end of a session),
/// the device clock of the last sample carried on by the time that has passed since it came.
/// </param>
/// <param name="PublishedUnixNs">The daemon's clock when this was decided.</param>
/// <param name="Message">Short text for people, marked *** ** * by priority.</param>
/// <param name="Source">Rule or model that decided.</param>
/// <param name="Value">The measured value, in <paramref name="Unit"/>.</param>
/// <param name="Unit">UCUM.</param>
/// <param name="AcknowledgedBy">Who acknowledged, empty while nobody has.</param>
public sealed record AlarmTransitionRecord(
    string AlarmId,
    string DeviceId,
    AlarmCondition Condition,
    AlarmKind Kind,
    AlarmPriority Priority,
    AlarmState State,
    AlarmTransition Transition,
    long OnsetUnixNs,
    long EventUnixNs,
    long PublishedUnixNs,
    string Message,
    string Source,
    double Value,
    string Unit,
    string AcknowledgedBy)
{
    /// <summary>The alarm still needs somebody's eye: it is not cleared.</summary>
    public bool IsOpen => State is AlarmState.Active or AlarmState.Acknowledged or AlarmState.Latched;
}
