using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Time;
using EcgStream.Core.Vitals;
using Microsoft.Data.Sqlite;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Writes batches of rows into <c>results.db</c>, each in one transaction. Used by the store's thread only.</summary>
internal sealed class StoreWriter : IDisposable
{
    private const int MaxKnownModels = 1024;
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly SqliteCommand _insertResult;
    private readonly SqliteCommand _insertBeat;
    private readonly SqliteCommand _insertVitals;
    private readonly Dictionary<string, long> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<ModelIdentity, (long Model, long Version)> _models = new(ReferenceEqualityComparer.Instance);

    public StoreWriter(SqliteConnection connection, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        // Not ON CONFLICT DO NOTHING: a conflict uses up a cursor, and followers take a hole for rows that retention took from them.
        _insertResult = connection.Prepare(
            """
            INSERT INTO results (device_id, model_id, window_start_ns, window_end_ns, session_id, version_id, predicted, abnormal, abnormal_score, marks, latency_ms, stored_ns, scores)
            SELECT $device, $model, $start, $end, $session, $version, $predicted, $abnormal, $score, $marks, $latency, $stored, $scores
            WHERE NOT EXISTS (SELECT 1 FROM results WHERE device_id = $device AND session_id = $session AND model_id = $model AND window_start_ns = $start)
            """,
            ("$device", SqliteType.Integer), ("$model", SqliteType.Integer), ("$start", SqliteType.Integer), ("$end", SqliteType.Integer),
            ("$session", SqliteType.Integer), ("$version", SqliteType.Integer), ("$predicted", SqliteType.Integer), ("$abnormal", SqliteType.Integer),
            ("$score", SqliteType.Real), ("$marks", SqliteType.Integer), ("$latency", SqliteType.Real), ("$stored", SqliteType.Integer), ("$scores", SqliteType.Blob));
        _insertBeat = connection.Prepare(
            """
            INSERT INTO beats (device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead, class, probability, stored_ns)
            SELECT $device, $peak, $session, $rr, $amplitude, $lead, $class, $probability, $stored
            WHERE NOT EXISTS (SELECT 1 FROM beats WHERE device_id = $device AND session_id = $session AND peak_ns = $peak)
            """,
            ("$device", SqliteType.Integer), ("$peak", SqliteType.Integer), ("$session", SqliteType.Integer), ("$rr", SqliteType.Real),
            ("$amplitude", SqliteType.Real), ("$lead", SqliteType.Integer), ("$class", SqliteType.Integer), ("$probability", SqliteType.Real), ("$stored", SqliteType.Integer));
        _insertVitals = connection.Prepare(
            """
            INSERT INTO vitals (device_id, end_ns, session_id, heart_rate_bpm, beats, leads_off, leads_flat, leads_saturated, leads_noisy, leads_wandering, stored_ns)
            SELECT $device, $end, $session, $rate, $beats, $off, $flat, $saturated, $noisy, $wandering, $stored
            WHERE NOT EXISTS (SELECT 1 FROM vitals WHERE device_id = $device AND session_id = $session AND end_ns = $end)
            """,
            ("$device", SqliteType.Integer), ("$end", SqliteType.Integer), ("$session", SqliteType.Integer), ("$rate", SqliteType.Real),
            ("$beats", SqliteType.Integer), ("$off", SqliteType.Integer), ("$flat", SqliteType.Integer), ("$saturated", SqliteType.Integer),
            ("$noisy", SqliteType.Integer), ("$wandering", SqliteType.Integer), ("$stored", SqliteType.Integer));
    }

    /// <summary>Stores all rows or, on an exception, none.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cursors">Filled with one entry per row: the cursor of a new row, 0 when it was stored before.</param>
    public void Store(IReadOnlyList<StoreRow> rows, List<ulong> cursors)
    {
        cursors.Clear();
        var storedUnixNs = _time.GetUtcNow().ToUnixNs();
        try
        {
            _connection.InTransaction(() =>
            {
                foreach (var row in rows)
                {
                    var inserted = row.Kind switch
                    {
                        StoreRowKind.Result => Insert(row.Result!, storedUnixNs),
                        StoreRowKind.Beat => Insert(row.Beat, storedUnixNs),
                        _ => Insert(row.Vitals, storedUnixNs),
                    };
                    cursors.Add(!inserted ? 0 : (ulong)SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle));
                }
            });
        }
        catch
        {
            // Ids that were given inside this transaction are gone with it.
            _devices.Clear();
            _models.Clear();
            throw;
        }
    }

    public SqliteConnection Connection => _connection;

    public void Dispose()
    {
        _insertResult.Dispose();
        _insertBeat.Dispose();
        _insertVitals.Dispose();
        _connection.Dispose();
    }

    private bool Insert(RhythmResult result, long storedUnixNs)
    {
        var (model, version) = ModelIds(result.Model);
        var scores = new byte[result.Scores.Count * sizeof(float)];
        for (var index = 0; index < result.Scores.Count; index++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(scores.AsSpan(index * sizeof(float)), result.Scores[index]);
        }

        var values = _insertResult.Parameters;
        values[0].Value = DeviceId(result.DeviceId);
        values[1].Value = model;
        values[2].Value = result.StartUnixNs;
        values[3].Value = result.EndUnixNs;
        values[4].Value = unchecked((long)result.SessionId);
        values[5].Value = version;
        values[6].Value = result.PredictedIndex;
        values[7].Value = result.Abnormal;
        values[8].Value = result.AbnormalScore;
        values[9].Value = (int)result.Marks;
        values[10].Value = _time.GetElapsedTime(result.IngestTimestamp, result.PublishedTimestamp).TotalMilliseconds;
        values[11].Value = storedUnixNs;
        values[12].Value = scores;
        return _insertResult.ExecuteNonQuery() > 0;
    }

    private bool Insert(in ClassifiedBeat classified, long storedUnixNs)
    {
        var beat = classified.Beat;
        var values = _insertBeat.Parameters;
        values[0].Value = DeviceId(beat.DeviceId);
        values[1].Value = beat.TimeUnixNs;
        values[2].Value = unchecked((long)beat.SessionId);
        values[3].Value = (object?)beat.RrMilliseconds ?? DBNull.Value;
        values[4].Value = beat.AmplitudeMillivolts;
        values[5].Value = (int)beat.Lead;
        values[6].Value = (int)classified.Class;
        values[7].Value = classified.Probability;
        values[8].Value = storedUnixNs;
        return _insertBeat.ExecuteNonQuery() > 0;
    }

    private bool Insert(in VitalsSecond vitals, long storedUnixNs)
    {
        var values = _insertVitals.Parameters;
        values[0].Value = DeviceId(vitals.DeviceId);
        values[1].Value = vitals.EndUnixNs;
        values[2].Value = unchecked((long)vitals.SessionId);
        values[3].Value = (object?)vitals.HeartRateBpm ?? DBNull.Value;
        values[4].Value = vitals.Beats;
        values[5].Value = vitals.LeadsOff;
        values[6].Value = vitals.Quality.Flat;
        values[7].Value = vitals.Quality.Saturated;
        values[8].Value = vitals.Quality.Noisy;
        values[9].Value = vitals.Quality.Wandering;
        values[10].Value = storedUnixNs;
        return _insertVitals.ExecuteNonQuery() > 0;
    }

    private long DeviceId(string device)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_devices, device, out var known);
        if (!known)
        {
            id = IdOf("INSERT INTO devices (device) VALUES ($a) ON CONFLICT DO NOTHING", "SELECT id FROM devices WHERE device = $a", device);
        }

        return id;
    }

    private (long Model, long Version) ModelIds(ModelIdentity model)
    {
        if (_models.TryGetValue(model, out var ids))
        {
            return ids;
        }

        var modelId = IdOf("INSERT INTO models (model) VALUES ($a) ON CONFLICT DO NOTHING", "SELECT id FROM models WHERE model = $a", model.Name);
        var labels = JsonSerializer.Serialize(model.Labels.Select(label => label.Name).ToArray(), StoreJson.Default.StringArray);
        var versionId = IdOf(
            "INSERT INTO model_versions (model_id, version, labels) VALUES ($a, $b, $c) ON CONFLICT DO NOTHING",
            "SELECT id FROM model_versions WHERE model_id = $a AND version = $b AND labels = $c",
            modelId,
            model.Version,
            labels);
        if (_models.Count == MaxKnownModels)
        {
            _models.Clear();
        }

        return _models[model] = (modelId, versionId);
    }

    private long IdOf(string insert, string select, params ReadOnlySpan<object> values)
    {
        using var command = _connection.CreateCommand();
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters.AddWithValue("$" + (char)('a' + index), values[index]);
        }

        command.CommandText = insert;
        command.ExecuteNonQuery();
        command.CommandText = select;
        return (long)command.ExecuteScalar()!;
    }
}
