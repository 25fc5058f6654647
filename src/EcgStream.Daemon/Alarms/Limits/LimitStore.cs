using EcgStream.Daemon.Storage.Sqlite;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using LimitSet = EcgStream.Core.Arrhythmia.ArrhythmiaLimits;
using LimitMessage = EcgStream.Protocol.V1.ArrhythmiaLimits;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>
/// Limits in the alarms' database. Changes are rare: each opens the file for itself. A field that a later version adds has its default in sets stored before it.
/// </summary>
internal sealed class LimitStore(SqliteDatabases databases) : ILimitStore
{
    public IReadOnlyList<StoredLimits> Load()
    {
        using var connection = databases.OpenAlarms();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT device, version, limits, changed_by, changed_ns FROM limits ORDER BY device";
        using var row = command.ExecuteReader();
        var sets = new List<StoredLimits>();
        while (row.Read())
        {
            sets.Add(new StoredLimits(
                row.GetString(0), (ulong)row.GetInt64(1), row.IsDBNull(2) ? null : new LimitSet().With(LimitMessage.Parser.ParseFrom((byte[])row[2])), row.GetString(3), row.GetInt64(4)));
        }

        return sets;
    }

    public void Save(StoredLimits limits, AuditEntry audit)
    {
        try
        {
            using var connection = databases.OpenAlarms();
            connection.InTransaction(() =>
            {
                Run(
                    connection,
                    """
                    INSERT INTO limits (device, version, limits, changed_by, changed_ns) VALUES ($device, $version, $limits, $by, $at)
                    ON CONFLICT (device) DO UPDATE SET version = excluded.version, limits = excluded.limits, changed_by = excluded.changed_by, changed_ns = excluded.changed_ns
                    """,
                    ("$device", limits.DeviceId), ("$version", (long)limits.Version), ("$limits", limits.Limits?.ToWire().ToByteArray() ?? (object)DBNull.Value),
                    ("$by", limits.ChangedBy), ("$at", limits.ChangedUnixNs));
                Run(
                    connection, "INSERT INTO audit (at_ns, actor, action, subject, detail) VALUES ($at, $actor, $action, $subject, $detail)",
                    ("$at", audit.AtUnixNs), ("$actor", audit.Actor), ("$action", audit.Action), ("$subject", audit.Subject), ("$detail", audit.Detail));
            });
        }
        catch (SqliteException exception)
        {
            throw new StorageException($"Alarm limits cannot be stored: {exception.Message}", exception);
        }
    }

    private static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
