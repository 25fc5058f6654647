namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>A second of vitals read back, with its cursor.</summary>
public readonly record struct StoredVitals(ulong Cursor, VitalsRecord Vitals);
