using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>Where limits that were changed at run time are kept.</summary>
public interface ILimitStore
{
    /// <summary>Every set that was ever changed. Called once at start, when the store is open.</summary>
    IReadOnlyList<StoredLimits> Load();

    /// <summary>Stores a set and who changed it, both or none, durably before it returns.</summary>
    /// <exception cref="StorageException">Nothing is stored.</exception>
    void Save(StoredLimits limits, AuditEntry audit);
}
