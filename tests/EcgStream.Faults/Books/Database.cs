using EcgStream.Protocol.V1;
using Microsoft.Data.Sqlite;

namespace EcgStream.Faults.Books;

/// <summary>The daemon's databases, read beside it or after it.</summary>
internal sealed class Database(string dataDirectory)
{
    /// <summary>Rows of results, beats and alarm transitions now.</summary>
    public (long Results, long Beats, long Alarms) Counts()
    {
        using var results = Open("results.db");
        using var alarms = Open("alarms.db");
        return (Scalar(results, "SELECT count(*) FROM results"), Scalar(results, "SELECT count(*) FROM beats"), Scalar(alarms, "SELECT count(*) FROM alarms"));
    }

    /// <summary>Every result: device, session, model, window start.</summary>
    public List<(string Device, ulong Session, string Model, long StartUnixNs)> Results()
    {
        using var connection = Open("results.db");
        return Read(
            connection, "SELECT device, session_id, model, window_start_ns FROM results JOIN devices ON devices.id = device_id JOIN models ON models.id = model_id",
            row => (row.GetString(0), (ulong)row.GetInt64(1), row.GetString(2), row.GetInt64(3)));
    }

    /// <summary>Every beat: device, session, peak.</summary>
    public List<(string Device, ulong Session, long PeakUnixNs)> Beats()
    {
        using var connection = Open("results.db");
        return Read(
            connection, "SELECT device, session_id, peak_ns FROM beats JOIN devices ON devices.id = device_id", row => (row.GetString(0), (ulong)row.GetInt64(1), row.GetInt64(2)));
    }

    /// <summary>Every transition in the order of its cursor.</summary>
    public List<(ulong Cursor, AlarmEvent Event)> Alarms()
    {
        using var connection = Open("alarms.db");
        return Read(connection, "SELECT cursor, event FROM alarms ORDER BY cursor", row => ((ulong)row.GetInt64(0), AlarmEvent.Parser.ParseFrom(row.GetFieldValue<byte[]>(1))));
    }

    private static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var rows = new List<T>();
        while (row.Read())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private static long Scalar(SqliteConnection connection, string sql) => Read(connection, sql, row => row.GetInt64(0))[0];

    private SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataDirectory, file), Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }
}
