using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Where every transition is kept. The payload is the serialized <see cref="AlarmEvent"/>; its cursor is the journal's.
/// A transition's identity is (alarm_id, transition, event_unix_ns): appending one twice changes nothing and gives the cursor of the
/// first time. One thread appends at a time; reads come from any.
/// </summary>
public interface IAlarmJournal : ICursorStore<AlarmEvent>
{
    /// <summary>
    /// Stores the transitions in this order, all or none, durably before it returns. Each keeps the <see cref="AlarmEvent.Cursor"/> that it brings, or is
    /// given the next if it brings none. Throws when it cannot; the caller comes again with the same ones.
    /// </summary>
    ValueTask AppendAsync(IReadOnlyList<AlarmEvent> transitions, CancellationToken cancellationToken);

    /// <summary>The latest transition of each alarm that is not cleared, in cursor order.</summary>
    ValueTask<IReadOnlyList<AlarmEvent>> LoadActiveAsync(CancellationToken cancellationToken);

    /// <summary>The newest event time of each device, on its clock, among so many of the newest transitions.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> DecidedUntilAsync(int newest, CancellationToken cancellationToken);

    /// <summary>The latest transition of an alarm; null when no alarm has this id.</summary>
    ValueTask<AlarmEvent?> FindAsync(string alarmId, CancellationToken cancellationToken);
}
