namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>How far a session of a device is stored, Unix nanoseconds of the device's clock; null where nothing of the kind is stored.</summary>
/// <param name="VitalsEndUnixNs">End of the last second of vitals.</param>
/// <param name="BeatUnixNs">R peak of the last beat.</param>
public readonly record struct LastStoredTimes(long? VitalsEndUnixNs, long? BeatUnixNs);
