using Microsoft.Data.Sqlite;

namespace EcgStream.Daemon.Storage.Sqlite;

internal static class SqliteConnectionExtensions
{
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A prepared command with its parameters, to be filled again for every row.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, SqliteType Type)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, type) in parameters)
        {
            command.Parameters.Add(name, type);
        }

        command.Prepare();
        return command;
    }

    /// <summary>
    /// Runs the work in one transaction, which takes the write lock at once. After a full disk or an I/O error SQLite has often rolled back by
    /// itself, and a second rollback would be an error that hides the first: the library's transaction object does just that and then refuses every
    /// further transaction of its connection. So this one asks SQLite whether there is still one to roll back.
    /// </summary>
    public static void InTransaction(this SqliteConnection connection, Action work)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            connection.Execute("COMMIT");
        }
        catch
        {
            RollBack(connection);
            throw;
        }
    }

    private static void RollBack(SqliteConnection connection)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            return;
        }

        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The reason that led here is the one to tell. The owner opens a new connection before it tries again.
        }
    }
}
