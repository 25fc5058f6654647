using EcgStream.Core.Time;
using EcgStream.Daemon.Storage;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// In the alarms' database. A connection of its own that does not wait for the disk: an alarm's append shares the
/// file's one lock, and a cursor that a power cut takes costs only a repetition.
/// </summary>
internal sealed class PublicationStore(SqliteDatabases databases, IOptions<StorageOptions> options, TimeProvider clock)
    : IPublicationStore, IDisposable
{
    /// <summary>Transitions that are kept for each publisher; beyond them the oldest go.</summary>
    public const int MostParked = 10_000;

    private readonly Lock _gate = new();
    private SqliteConnection? _connection;

    public ulong? Read(string publisher) => Use(connection =>
    {
        using var command = Command(
            connection, "SELECT cursor FROM cursors WHERE name = $name", ("$name", NameOf(publisher)));
        return command.ExecuteScalar() is long cursor ? (ulong?)cursor : null;
    });

    public void Write(string publisher, ulong cursor) => Use(connection =>
    {
        using var command = Command(
            connection,
            """
            INSERT INTO cursors (name, cursor) VALUES ($name, $cursor)
            ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor
            """,
            ("$name", NameOf(publisher)), ("$cursor", (long)cursor));
        return command.ExecuteNonQuery();
    });

    public void Park(string publisher, AlarmEvent transition, string reason) => Use(connection =>
    {
        var (now, before) = (clock.GetUtcNow(), clock.GetUtcNow() - options.Value.AlarmRetention);
        connection.InTransaction(() =>
        {
            using var insert = Command(
                connection,
                """
                INSERT INTO parked_alarms (publisher, cursor, parked_ns, reason, event)
                VALUES ($publisher, $cursor, $now, $reason, $event)
                ON CONFLICT (publisher, cursor) DO UPDATE SET parked_ns = excluded.parked_ns, reason = excluded.reason
                """,
                ("$publisher", publisher), ("$cursor", (long)transition.Cursor), ("$now", now.ToUnixNs()),
                ("$reason", reason), ("$event", transition.ToByteArray()));
            insert.ExecuteNonQuery();
            using var purge = Command(
                connection,
                """
                DELETE FROM parked_alarms WHERE publisher = $publisher AND (parked_ns < $before OR cursor <= (
                  SELECT cursor FROM parked_alarms WHERE publisher = $publisher
                  ORDER BY cursor DESC LIMIT 1 OFFSET $most))
                """,
                ("$publisher", publisher), ("$before", before.ToUnixNs()), ("$most", MostParked));
            purge.ExecuteNonQuery();
        });
        return 0;
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private static string NameOf(string publisher) => "publisher/" + publisher;

    private T Use<T>(Func<SqliteConnection, T> use)
    {
        lock (_gate)
        {
            try
            {
                return use(_connection ??= Open());
            }
            catch (SqliteException)
            {
                // What an I/O error leaves of a connection is not worth trusting.
                _connection?.Dispose();
                _connection = null;
                throw;
            }
        }
    }

    private SqliteConnection Open()
    {
        var connection = databases.OpenAlarms();
        connection.Execute("PRAGMA synchronous = NORMAL");
        return connection;
    }

    private static SqliteCommand Command(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
