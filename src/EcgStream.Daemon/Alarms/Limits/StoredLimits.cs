using EcgStream.Core.Arrhythmia;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>A set of limits as it was changed last.</summary>
/// <param name="DeviceId">Empty for the set of all devices that have none of their own.</param>
/// <param name="Version">+1 with each change, 1 is the first.</param>
/// <param name="Limits">Null: gone back to what is inherited.</param>
/// <param name="ChangedUnixNs">The daemon's clock.</param>
public sealed record StoredLimits(string DeviceId, ulong Version, ArrhythmiaLimits? Limits, string ChangedBy, long ChangedUnixNs);
