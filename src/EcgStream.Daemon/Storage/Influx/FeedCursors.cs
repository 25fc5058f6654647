using System.Globalization;
using EcgStream.Core.Time;
using EcgStream.Daemon.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>How far a destination has been fed from each source, and the lines that it refused; in <c>results.db</c>. One user at a time.</summary>
internal sealed class FeedCursors(SqliteConnection connection, string destination, TimeProvider time) : IDisposable
{
    private const string Upsert = """
        INSERT INTO feeds (destination, source, cursor) VALUES ($destination, $source, $cursor)
        ON CONFLICT (destination, source) DO UPDATE SET cursor = excluded.cursor
        """;

    /// <summary>0 when the destination has had nothing of the source yet: everything that is kept will be sent.</summary>
    public ulong Read(string source)
    {
        using var command = Command("SELECT cursor FROM feeds WHERE destination = $destination AND source = $source", source);
        return Convert.ToUInt64(command.ExecuteScalar() ?? 0L, CultureInfo.InvariantCulture);
    }

    public void Write(string source, ulong cursor)
    {
        using var command = Command(Upsert, source, ("$cursor", (long)cursor));
        command.ExecuteNonQuery();
    }

    /// <summary>Keeps refused lines and moves on past them, in one transaction.</summary>
    public void WriteRefused(string source, ulong firstCursor, ulong cursor, IEnumerable<string> lines, string reason)
    {
        var refusedUnixNs = time.GetUtcNow().ToUnixNs();
        connection.InTransaction(() =>
        {
            foreach (var line in lines)
            {
                using var insert = Command(
                    """
                    INSERT INTO feed_refusals (destination, source, first_cursor, refused_ns, line, reason)
                    VALUES ($destination, $source, $first, $refused, $line, $reason)
                    """,
                    source, ("$first", (long)firstCursor), ("$refused", refusedUnixNs), ("$line", line), ("$reason", reason));
                insert.ExecuteNonQuery();
            }

            using var advance = Command(Upsert, source, ("$cursor", (long)cursor));
            advance.ExecuteNonQuery();
        });
    }

    public void Dispose() => connection.Dispose();

    private SqliteCommand Command(string sql, string source, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$destination", destination);
        command.Parameters.AddWithValue("$source", source);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
