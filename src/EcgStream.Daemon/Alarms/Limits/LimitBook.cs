using System.Collections.Frozen;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Time;
using EcgStream.Daemon.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>
/// The limits in force: a device's own, else the common set as it was changed at run time, else that of the settings. Reads come from any thread and do not
/// wait; changes are made one at a time and are stored before they are in force.
/// </summary>
internal sealed class LimitBook(IOptions<ArrhythmiaLimits> settings, ILimitStore store, TimeProvider clock)
{
    public const string Common = "";

    /// <summary>Sets of their own that are kept; a ward has some hundred devices.</summary>
    public const int MostSets = 10_000;

    private readonly Lock _gate = new();
    private FrozenDictionary<string, StoredLimits> _changed = FrozenDictionary<string, StoredLimits>.Empty;

    internal enum Outcome
    {
        Changed,
        OutOfRange,
        VersionDiffers,
        TooMany,
    }

    /// <summary>Takes over what the store holds; before any other call.</summary>
    public void Load() => _changed = store.Load().ToFrozenDictionary(limits => limits.DeviceId, StringComparer.Ordinal);

    public ArrhythmiaLimits For(string deviceId)
    {
        var changed = Volatile.Read(ref _changed);
        return changed.GetValueOrDefault(deviceId)?.Limits ?? Inherited(changed);
    }

    /// <summary>How the set was changed last; null if it never was.</summary>
    public StoredLimits? ChangeOf(string deviceId) => Volatile.Read(ref _changed).GetValueOrDefault(deviceId);

    /// <summary>Changes a set whole or not at all.</summary>
    /// <param name="deviceId">Or <see cref="Common"/>.</param>
    /// <param name="change">From what is in force now to what shall be; null goes back to what is inherited.</param>
    /// <param name="user">Who changes it.</param>
    /// <param name="expectedVersion">Null = whatever it is.</param>
    /// <param name="problem">Why it was not changed.</param>
    /// <exception cref="StorageException">It cannot be stored, and is not in force.</exception>
    public Outcome Change(string deviceId, Func<ArrhythmiaLimits, ArrhythmiaLimits>? change, string user, ulong? expectedVersion, out string problem)
    {
        lock (_gate)
        {
            problem = "";
            var last = _changed.GetValueOrDefault(deviceId);
            var version = last?.Version ?? 0;
            if (expectedVersion is { } expected && expected != version)
            {
                problem = FormattableString.Invariant($"expected_version: {expected}, it is {version}");
                return Outcome.VersionDiffers;
            }

            if (last is null && _changed.Count >= MostSets)
            {
                problem = FormattableString.Invariant($"device_id: {_changed.Count} devices have limits of their own, the limit is {MostSets}");
                return Outcome.TooMany;
            }

            var before = For(deviceId);
            var after = change?.Invoke(before);
            if (after is not null && LimitWire.Faults(after) is { Count: > 0 } faults)
            {
                problem = string.Join("; ", faults);
                return Outcome.OutOfRange;
            }

            var now = clock.GetUtcNow().ToUnixNs();
            var stored = new StoredLimits(deviceId, version + 1, after, user, now);
            var next = new Dictionary<string, StoredLimits>(_changed, StringComparer.Ordinal) { [deviceId] = stored };
            var detail = LimitWire.Difference(before, after ?? (deviceId == Common ? settings.Value : Inherited(_changed)));
            store.Save(stored, new AuditEntry(now, user, after is null ? "reset_limits" : "set_limits", deviceId == Common ? "all devices" : deviceId, detail));
            Volatile.Write(ref _changed, next.ToFrozenDictionary(StringComparer.Ordinal));
            return Outcome.Changed;
        }
    }

    private ArrhythmiaLimits Inherited(FrozenDictionary<string, StoredLimits> changed) => changed.GetValueOrDefault(Common)?.Limits ?? settings.Value;
}
