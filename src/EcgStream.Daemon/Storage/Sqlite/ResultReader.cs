using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EcgStream.Core.Beats;
using EcgStream.Core.Quality;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using Microsoft.Data.Sqlite;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Queries on <c>results.db</c>. Made by <see cref="ResultStore.OpenReader"/>; one user at a time. SQLite errors come as <see cref="SqliteException"/>.</summary>
public sealed class ResultReader : IDisposable
{
    private const string ResultColumns = """
        SELECT r.cursor, d.device, r.session_id, m.model, v.version, v.labels, r.window_start_ns, r.window_end_ns, r.scores, r.predicted,
               r.abnormal, r.abnormal_score, r.marks, r.latency_ms, r.stored_ns, r.version_id
        FROM results r JOIN devices d ON d.id = r.device_id JOIN models m ON m.id = r.model_id JOIN model_versions v ON v.id = r.version_id
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<long, string[]> _labels = [];

    internal ResultReader(SqliteConnection connection) => _connection = connection;

    /// <summary>Results after a cursor, in the order of storage.</summary>
    /// <param name="cursor">Last cursor seen; 0 = from the first that is kept.</param>
    /// <param name="limit">Most results to return; fewer means that there are no more.</param>
    public IReadOnlyList<StoredResult> ReadResultsAfter(ulong cursor, int limit) =>
        ReadResults(ResultColumns + " WHERE r.cursor > $cursor ORDER BY r.cursor LIMIT $limit", ("$cursor", (long)cursor), ("$limit", limit));

    /// <summary>The latest result of each model in one session of a device.</summary>
    public IReadOnlyList<StoredResult> ReadLastResults(string deviceId, ulong sessionId) => ReadResults(
        ResultColumns + """
         WHERE r.cursor IN (
          SELECT (SELECT cursor FROM results WHERE device_id = d2.id AND session_id = $session AND model_id = m2.id ORDER BY window_start_ns DESC LIMIT 1)
          FROM devices d2 CROSS JOIN models m2 WHERE d2.device = $device) ORDER BY m.model
        """,
        ("$device", deviceId), ("$session", unchecked((long)sessionId)));

    /// <summary>A device's results whose windows overlap a span of its clock, oldest first.</summary>
    public IReadOnlyList<StoredResult> ReadResults(string deviceId, long fromDeviceUnixNs, long toDeviceUnixNs, int limit) => ReadResults(
        ResultColumns + " WHERE d.device = $device AND r.window_start_ns < $to AND r.window_end_ns > $from ORDER BY r.window_start_ns LIMIT $limit",
        ("$device", deviceId), ("$from", fromDeviceUnixNs), ("$to", toDeviceUnixNs), ("$limit", limit));

    /// <summary>Seconds of vitals after a cursor, in the order of storage.</summary>
    public IReadOnlyList<StoredVitals> ReadVitalsAfter(ulong cursor, int limit)
    {
        using var command = Command(
            """
            SELECT v.cursor, d.device, v.session_id, v.end_ns, v.heart_rate_bpm, v.beats, v.leads_off, v.leads_flat, v.leads_saturated, v.leads_noisy, v.leads_wandering
            FROM vitals v JOIN devices d ON d.id = v.device_id WHERE v.cursor > $cursor ORDER BY v.cursor LIMIT $limit
            """,
            ("$cursor", (long)cursor), ("$limit", limit));
        using var row = command.ExecuteReader();
        var vitals = new List<StoredVitals>();
        while (row.Read())
        {
            vitals.Add(new StoredVitals((ulong)row.GetInt64(0), new VitalsSecond(
                row.GetString(1), unchecked((ulong)row.GetInt64(2)), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetFloat(4),
                row.GetInt32(5), (uint)row.GetInt64(6),
                new SecondQuality((uint)row.GetInt64(7), (uint)row.GetInt64(8), (uint)row.GetInt64(9), (uint)row.GetInt64(10)), 0)));
        }

        return vitals;
    }

    /// <summary>Beats after a cursor, in the order of storage.</summary>
    public IReadOnlyList<StoredBeat> ReadBeatsAfter(ulong cursor, int limit)
    {
        using var command = Command(
            """
            SELECT b.cursor, d.device, b.session_id, b.peak_ns, b.rr_ms, b.amplitude_mv, b.lead, b.class, b.probability
            FROM beats b JOIN devices d ON d.id = b.device_id WHERE b.cursor > $cursor ORDER BY b.cursor LIMIT $limit
            """,
            ("$cursor", (long)cursor), ("$limit", limit));
        using var row = command.ExecuteReader();
        var beats = new List<StoredBeat>();
        while (row.Read())
        {
            var beat = new Beat(
                row.GetString(1), unchecked((ulong)row.GetInt64(2)), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetFloat(4), row.GetFloat(5), (Lead)row.GetByte(6), 0);
            beats.Add(new StoredBeat((ulong)row.GetInt64(0), new ClassifiedBeat(beat, (BeatClass)row.GetInt32(7), row.GetFloat(8))));
        }

        return beats;
    }

    /// <summary>
    /// How far the vitals and beats of one session of a device are stored, on the device's clock. For the start: a replay of the journal cuts
    /// seconds at another phase and finds beats a sample beside the first time, which would be stored a second time. Two look-ups in an index.
    /// </summary>
    public LastStoredTimes ReadLastTimes(string deviceId, ulong sessionId)
    {
        using var command = Command(
            """
            SELECT (SELECT max(end_ns) FROM vitals WHERE device_id = d.id AND session_id = $session),
                   (SELECT max(peak_ns) FROM beats WHERE device_id = d.id AND session_id = $session)
            FROM devices d WHERE d.device = $device
            """,
            ("$device", deviceId), ("$session", unchecked((long)sessionId)));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new LastStoredTimes(row.IsDBNull(0) ? null : row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1))
            : default;
    }

    /// <summary>Highest cursor of a result ever stored, be it still kept or not.</summary>
    public ulong LastCursor() => LastCursor("results");

    /// <summary>Highest cursor of a second of vitals ever stored.</summary>
    public ulong LastVitalsCursor() => LastCursor("vitals");

    /// <summary>Highest cursor of a beat ever stored.</summary>
    public ulong LastBeatCursor() => LastCursor("beats");

    public long CountResults() => Number("SELECT count(*) FROM results");

    public long CountBeats() => Number("SELECT count(*) FROM beats");

    public long CountVitals() => Number("SELECT count(*) FROM vitals");

    public void Dispose() => _connection.Dispose();

    private ulong LastCursor(string table)
    {
        using var command = Command("SELECT seq FROM sqlite_sequence WHERE name = $table", ("$table", table));
        return Convert.ToUInt64(command.ExecuteScalar() ?? 0, CultureInfo.InvariantCulture);
    }

    private long Number(string sql) => Convert.ToInt64(_connection.Scalar(sql), CultureInfo.InvariantCulture);

    private List<StoredResult> ReadResults(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var row = command.ExecuteReader();
        var results = new List<StoredResult>();
        while (row.Read())
        {
            results.Add(new StoredResult(
                (ulong)row.GetInt64(0), row.GetString(1), unchecked((ulong)row.GetInt64(2)), row.GetString(3), row.GetString(4), Labels(row.GetInt64(15), row),
                row.GetInt64(6), row.GetInt64(7), MemoryMarshal.Cast<byte, float>((byte[])row[8]).ToArray(), row.GetInt32(9), row.GetBoolean(10), row.GetFloat(11),
                (WindowMarks)row.GetByte(12), row.GetDouble(13), row.GetInt64(14)));
        }

        return results;
    }

    private string[] Labels(long version, SqliteDataReader row)
    {
        if (!_labels.TryGetValue(version, out var labels))
        {
            labels = JsonSerializer.Deserialize(row.GetString(5), StoreJson.Default.StringArray)!;
            _labels.Add(version, labels);
        }

        return labels;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
