using EcgStream.Core.Alarms;
using EcgStream.Protocol.V1;
using CoreCondition = EcgStream.Core.Alarms.AlarmCondition;
using CoreKind = EcgStream.Core.Alarms.AlarmKind;
using CorePriority = EcgStream.Core.Alarms.AlarmPriority;
using CoreState = EcgStream.Core.Alarms.AlarmState;
using CoreTransition = EcgStream.Core.Alarms.AlarmTransition;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Core's transitions and the wire's events; the enums share their numbers.</summary>
public static class AlarmEventMapping
{
    public static AlarmEvent ToEvent(this AlarmTransitionRecord transition, ulong cursor)
    {
        ArgumentNullException.ThrowIfNull(transition);
        return new AlarmEvent
        {
            Cursor = cursor,
            AlarmId = transition.AlarmId,
            DeviceId = transition.DeviceId,
            Condition = (Protocol.V1.AlarmCondition)transition.Condition,
            Kind = (Protocol.V1.AlarmKind)transition.Kind,
            Priority = (Protocol.V1.AlarmPriority)transition.Priority,
            State = (Protocol.V1.AlarmState)transition.State,
            Transition = (Protocol.V1.AlarmTransition)transition.Transition,
            OnsetUnixNs = unchecked((ulong)transition.OnsetUnixNs),
            EventUnixNs = unchecked((ulong)transition.EventUnixNs),
            PublishedUnixNs = unchecked((ulong)transition.PublishedUnixNs),
            Message = transition.Message,
            Source = transition.Source,
            Value = transition.Value,
            Unit = transition.Unit,
            AcknowledgedBy = transition.AcknowledgedBy,
        };
    }

    public static AlarmTransitionRecord ToTransition(this AlarmEvent alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return new AlarmTransitionRecord(
            alarm.AlarmId, alarm.DeviceId, (CoreCondition)alarm.Condition, (CoreKind)alarm.Kind, (CorePriority)alarm.Priority, (CoreState)alarm.State,
            (CoreTransition)alarm.Transition, unchecked((long)alarm.OnsetUnixNs), unchecked((long)alarm.EventUnixNs), unchecked((long)alarm.PublishedUnixNs),
            alarm.Message, alarm.Source, alarm.Value, alarm.Unit, alarm.AcknowledgedBy);
    }
}
