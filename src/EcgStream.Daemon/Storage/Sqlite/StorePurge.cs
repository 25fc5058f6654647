using Microsoft.Data.Sqlite;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>
/// Deletes what retention no longer keeps from <c>results.db</c>, a few rows at a time, between batches. What counts is when the daemon stored a
/// row: a device's clock may stand at 1970. Used by the store's thread only.
/// </summary>
internal sealed class StorePurge(SqliteConnection connection, int rowsPerStep)
{
    // Cursors rise with the time of storage, so the oldest rows are the first ones and no index on time is needed.
    private const string ByCursor = "DELETE FROM {0} WHERE cursor IN (SELECT cursor FROM {0} ORDER BY cursor LIMIT $rows) AND stored_ns < $before";

    /// <returns>Rows deleted; zero when nothing old is left.</returns>
    public int Step(long beforeUnixNs) =>
        Delete(ByCursor.Replace("{0}", "results", StringComparison.Ordinal), beforeUnixNs)
        + Delete(ByCursor.Replace("{0}", "vitals", StringComparison.Ordinal), beforeUnixNs)
        + Delete(ByCursor.Replace("{0}", "beats", StringComparison.Ordinal), beforeUnixNs);

    private int Delete(string sql, long beforeUnixNs)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$rows", rowsPerStep);
        command.Parameters.AddWithValue("$before", beforeUnixNs);
        return command.ExecuteNonQuery();
    }
}
