using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>The store's contract in memory; can fail.</summary>
internal sealed class MemoryLimitStore : ILimitStore
{
    private readonly Dictionary<string, StoredLimits> _sets = [];

    public bool Fails { get; set; }

    public List<AuditEntry> Audit { get; } = [];

    public IReadOnlyList<StoredLimits> Load() => [.. _sets.Values];

    public void Save(StoredLimits limits, AuditEntry audit)
    {
        if (Fails)
        {
            throw new StorageException("full", new IOException());
        }

        _sets[limits.DeviceId] = limits;
        Audit.Add(audit);
    }
}
