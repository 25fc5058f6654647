namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>What is kept of one second of one device. (DeviceId, SecondUnixNs) is its identity: storing it twice changes nothing.</summary>
/// <param name="SecondUnixNs">Device clock, start of the second, Unix nanoseconds.</param>
/// <param name="HeartRateBpm">Mean rate, null when not known.</param>
/// <param name="Beats">R peaks in the second.</param>
/// <param name="LeadsOff">Bit per lead (1 &lt;&lt; (int)Lead) that was off at some time in it.</param>
/// <param name="LeadsPresent">Bit per lead that the session carries.</param>
public readonly record struct VitalsRecord(
    string DeviceId, ulong SessionId, long SecondUnixNs, float? HeartRateBpm, int Beats, uint LeadsOff, uint LeadsPresent);
