using EcgStream.Core.Alarms;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Alarms;

/// <summary>Transitions as they are stored and sent. The enums' numbers are the same on both sides, which a test holds.</summary>
internal static class AlarmWire
{
    public static AlarmEvent ToWire(this AlarmTransitionRecord record) => new()
    {
        AlarmId = record.AlarmId,
        DeviceId = record.DeviceId,
        Condition = (Protocol.V1.AlarmCondition)record.Condition,
        Kind = (Protocol.V1.AlarmKind)record.Kind,
        Priority = (Protocol.V1.AlarmPriority)record.Priority,
        State = (Protocol.V1.AlarmState)record.State,
        Transition = (Protocol.V1.AlarmTransition)record.Transition,
        OnsetUnixNs = ToWireTime(record.OnsetUnixNs),
        EventUnixNs = ToWireTime(record.EventUnixNs),
        PublishedUnixNs = ToWireTime(record.PublishedUnixNs),
        Message = record.Message,
        Source = record.Source,
        Value = record.Value,
        Unit = record.Unit,
        AcknowledgedBy = record.AcknowledgedBy,
    };

    public static AlarmTransitionRecord ToRecord(this AlarmEvent wire) => new(
        wire.AlarmId,
        wire.DeviceId,
        (Core.Alarms.AlarmCondition)wire.Condition,
        (Core.Alarms.AlarmKind)wire.Kind,
        (Core.Alarms.AlarmPriority)wire.Priority,
        (Core.Alarms.AlarmState)wire.State,
        (Core.Alarms.AlarmTransition)wire.Transition,
        checked((long)wire.OnsetUnixNs),
        checked((long)wire.EventUnixNs),
        checked((long)wire.PublishedUnixNs),
        wire.Message,
        wire.Source,
        wire.Value,
        wire.Unit,
        wire.AcknowledgedBy);

    // Device clocks before 1970 do not pass ingest; an estimate that falls there is as good as none.
    private static ulong ToWireTime(long unixNs) => (ulong)Math.Max(0, unixNs);
}
