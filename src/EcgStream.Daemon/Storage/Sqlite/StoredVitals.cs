using EcgStream.Core.Vitals;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>A second of vitals read back, with its cursor. Its ingest timestamp is 0: it means nothing outside the process that took it.</summary>
public readonly record struct StoredVitals(ulong Cursor, VitalsSecond Vitals);
