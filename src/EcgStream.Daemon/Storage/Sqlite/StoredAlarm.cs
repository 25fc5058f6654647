using EcgStream.Core.Alarms;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>An alarm transition read back, with its cursor.</summary>
public sealed record StoredAlarm(ulong Cursor, AlarmTransitionRecord Transition);
