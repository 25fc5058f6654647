using EcgStream.Core.Beats;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>A beat read back, with its cursor. Its ingest timestamp is 0: it means nothing outside the process that took it.</summary>
public readonly record struct StoredBeat(ulong Cursor, ClassifiedBeat Beat);
