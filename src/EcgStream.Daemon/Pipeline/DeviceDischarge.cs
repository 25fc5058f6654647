using System.Collections.Frozen;
using EcgStream.Core.Time;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// Lets go of a device whose patient is gone: registry entry, session, alarms and limits of its own. What is stored of
/// it stays, with who did it and when. If it sends again it comes back as new.
/// </summary>
internal sealed class DeviceDischarge(
    DeviceDirectory devices, AlarmEngine alarms, LimitBook limits, AlarmJournal journal, TimeProvider clock)
{
    /// <summary>
    /// A device that has sent within this time is not discharged: a wrong name must not silence another patient's
    /// alarms.
    /// </summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(5);

    private const string Action = "discharge";

    internal enum Outcome
    {
        Discharged,
        Unknown,
        StillSends,
    }

    /// <summary>Waits for the disk.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It cannot be audited, and nothing was done.</exception>
    /// <exception cref="StorageException">Its limits cannot be stored, and nothing was done.</exception>
    public async Task<Outcome> DischargeAsync(string deviceId, string user)
    {
        var hasEntry = devices.TryGet(deviceId, out var entry);
        if (hasEntry && clock.GetElapsedTime(entry!.LastChunkTimestamp) < SilentFor)
        {
            return Outcome.StillSends;
        }

        // The next patient of this device is no reason to keep the limits of the last.
        var hasLimits = limits.ChangeOf(deviceId)?.Limits is not null;
        if (!hasEntry && !hasLimits && !alarms.Knows(deviceId))
        {
            return Outcome.Unknown;
        }

        await Task.Run(() =>
        {
            if (hasLimits)
            {
                limits.Change(deviceId, null, user, null, out _);
            }

            journal.Audit(new AuditEntry(clock.GetUtcNow().ToUnixNs(), user, Action, deviceId, ""));
        });
        var isRemoved = hasEntry && devices.TryRemove(entry!);
        alarms.OnDischarged(deviceId); // before the shard forgets it, which would leave a loss of data listed
        if (isRemoved)
        {
            await entry!.Shard.ForgetAsync(entry, CancellationToken.None);
        }

        return Outcome.Discharged;
    }

    /// <summary>When each device was discharged last: what came of it before is not replayed.</summary>
    public static FrozenDictionary<string, long> LastOf(AlarmJournal journal) =>
        journal.LastAudited(Action).ToFrozenDictionary(StringComparer.Ordinal);
}
