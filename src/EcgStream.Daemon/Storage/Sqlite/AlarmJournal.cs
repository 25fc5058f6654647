using System.Globalization;
using EcgStream.Core.Time;
using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>
/// Every alarm transition, with a rising cursor, in a database file of its own: no batch of results holds its lock. An append is durable when it
/// returns. Any thread may call; appends and reads have a connection each, so a long read does not hold up an append. After a failure each opens
/// a new connection: what an I/O error leaves of one is not worth trusting.
/// </summary>
public sealed class AlarmJournal : IAlarmJournal, IDisposable
{
    // By the index on published_ns, oldest first, so that it looks at no more than it deletes and at what open alarms keep.
    internal const string PurgeAlarms = """
        DELETE FROM alarms WHERE cursor IN (
          SELECT cursor FROM alarms WHERE published_ns < $before AND alarm_id NOT IN (SELECT alarm_id FROM open_alarms) ORDER BY published_ns LIMIT $rows)
        """;

    /// <summary>
    /// Cursors that are passed over after a stop out of order: transitions that were published while they could not be stored had some of them, and
    /// no cursor may mean two transitions to a subscriber who comes back.
    /// </summary>
    internal const ulong UncleanStep = 1 << 20;

    private const string Closed = "closed";
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);
    private readonly SqliteDatabases _databases;
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _appendGate = new();
    private readonly Lock _readGate = new();
    private readonly SemaphoreSlim _readTurn = new(1, 1);
    private SqliteConnection? _appending;
    private SqliteConnection? _reading;
    private ulong _lastCursor;
    private ulong _lastStored;
    private bool _unstored;

    public AlarmJournal(SqliteDatabases databases, IOptions<StorageOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _databases = databases;
        _options = options.Value;
        _time = time;
    }

    /// <summary>Cursor after which the next transition's comes: that of the last one, or some cursors behind it after a stop out of order; 0 when there has been none.</summary>
    public ulong LastCursor => Volatile.Read(ref _lastCursor);

    /// <summary>Cursor of the last transition that is stored; 0 when there is none.</summary>
    public ulong LastStoredCursor => Volatile.Read(ref _lastStored);

    /// <summary>Opens the database; <see cref="SqliteDatabases.Prepare()"/> comes first. Once.</summary>
    public void Open()
    {
        _appending = _databases.OpenAlarms();
        _reading = _databases.OpenAlarms();
        var last = Convert.ToUInt64(_reading.Scalar("SELECT max(seq) FROM sqlite_sequence WHERE name = 'alarms'") is long stored ? stored : 0L, CultureInfo.InvariantCulture);
        var closedAt = Convert.ToUInt64(_reading.Scalar($"SELECT cursor FROM cursors WHERE name = '{Closed}'") ?? 0L, CultureInfo.InvariantCulture);
        _lastStored = last;
        _lastCursor = closedAt >= last ? closedAt : last + UncleanStep;
        try
        {
            _appending.Execute($"DELETE FROM cursors WHERE name = '{Closed}'");
        }
        catch (SqliteException) when (last > 0)
        {
            // A full disk: this run may publish what it cannot store, and the mark would say that it did not.
            _lastCursor += UncleanStep;
        }
        catch (SqliteException)
        {
            // Nothing has ever been stored, so nobody comes back with a cursor that means something.
        }
    }

    /// <summary>
    /// Stores the transitions in one transaction and flushes it; blocks for that long. A transition that brings a cursor keeps it; one that brings none gets
    /// the next; one that was stored before, by (alarm id, transition, event time), gets the cursor of the first time.
    /// </summary>
    /// <exception cref="StorageException">None of them is stored.</exception>
    public ValueTask AppendAsync(IReadOnlyList<AlarmEvent> transitions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        var given = transitions.Select(transition => transition.Cursor).ToArray();
        lock (_appendGate)
        {
            try
            {
                Append(transitions);
                return ValueTask.CompletedTask;
            }
            catch (SqliteException exception)
            {
                for (var i = 0; i < given.Length; i++)
                {
                    transitions[i].Cursor = given[i];
                }

                throw new StorageException($"Alarm transitions cannot be stored in '{_databases.AlarmsPath}': {exception.Message}", exception);
            }
        }
    }

    public async ValueTask<IReadOnlyList<AlarmEvent>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken) => await ReadAsync(
        "SELECT cursor, event FROM alarms WHERE cursor > $cursor ORDER BY cursor LIMIT $limit", [("$cursor", (long)cursor), ("$limit", limit)], cancellationToken);

    public async ValueTask<IReadOnlyList<AlarmEvent>> LoadActiveAsync(CancellationToken cancellationToken) => await ReadAsync(
        "SELECT a.cursor, a.event FROM open_alarms o JOIN alarms a ON a.cursor = o.cursor ORDER BY a.cursor", [], cancellationToken);

    public async ValueTask<AlarmEvent?> FindAsync(string alarmId, CancellationToken cancellationToken) => (await ReadAsync(
        "SELECT cursor, event FROM alarms WHERE alarm_id = $alarm ORDER BY cursor DESC LIMIT 1", [("$alarm", alarmId)], cancellationToken)).SingleOrDefault();

    public ValueTask<IReadOnlyDictionary<string, long>> DecidedUntilAsync(int newest, CancellationToken cancellationToken)
    {
        lock (_readGate)
        {
            using var command = Command(
                _reading, "SELECT device, max(event_ns) FROM (SELECT device, event_ns FROM alarms ORDER BY cursor DESC LIMIT $newest) GROUP BY device", ("$newest", newest));
            using var row = command.ExecuteReader();
            var decided = new Dictionary<string, long>(StringComparer.Ordinal);
            while (row.Read())
            {
                decided.Add(row.GetString(0), row.GetInt64(1));
            }

            return ValueTask.FromResult<IReadOnlyDictionary<string, long>>(decided);
        }
    }

    /// <summary>Records who did what; durable when it returns.</summary>
    public void Audit(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_appendGate)
        {
            using var command = Command(
                _appending ??= _databases.OpenAlarms(), "INSERT INTO audit (at_ns, actor, action, subject, detail) VALUES ($at, $actor, $action, $subject, $detail)",
                ("$at", entry.AtUnixNs), ("$actor", entry.Actor), ("$action", entry.Action), ("$subject", entry.Subject), ("$detail", entry.Detail));
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Audit entries from the newest back.</summary>
    public IReadOnlyList<AuditEntry> ReadAudit(int limit)
    {
        lock (_readGate)
        {
            using var command = Command(_reading, "SELECT at_ns, actor, action, subject, detail FROM audit ORDER BY cursor DESC LIMIT $limit", ("$limit", limit));
            using var row = command.ExecuteReader();
            var entries = new List<AuditEntry>();
            while (row.Read())
            {
                entries.Add(new AuditEntry(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)));
            }

            return entries;
        }
    }

    /// <summary>
    /// When an action was last done to each of its subjects (Unix ns, the daemon's clock), as far as the audit reaches
    /// back.
    /// </summary>
    public IReadOnlyDictionary<string, long> LastAudited(string action)
    {
        lock (_readGate)
        {
            const string Newest = "SELECT subject, max(at_ns) FROM audit WHERE action = $action GROUP BY subject";
            using var command = Command(_reading ??= _databases.OpenAlarms(), Newest, ("$action", action));
            using var row = command.ExecuteReader();
            var last = new Dictionary<string, long>(StringComparer.Ordinal);
            while (row.Read())
            {
                last.Add(row.GetString(0), row.GetInt64(1));
            }

            return last;
        }
    }

    /// <summary>Deletes a few rows that retention no longer keeps; never a transition of an alarm that is still open.</summary>
    /// <returns>Rows deleted; call again until it is zero.</returns>
    public int PurgeStep()
    {
        var before = (_time.GetUtcNow() - _options.AlarmRetention).ToUnixNs();
        lock (_appendGate)
        {
            var connection = _appending ??= _databases.OpenAlarms();
            using var alarms = Command(
                connection,
                PurgeAlarms,
                ("$before", before), ("$rows", _options.PurgeRows));
            using var audit = Command(
                connection, "DELETE FROM audit WHERE cursor IN (SELECT cursor FROM audit ORDER BY cursor LIMIT $rows) AND at_ns < $before",
                ("$before", before), ("$rows", _options.PurgeRows));
            return alarms.ExecuteNonQuery() + audit.ExecuteNonQuery();
        }
    }

    /// <summary>Closes in order. An append that hangs in the disk keeps its connection; the process ends without it.</summary>
    public void Dispose()
    {
        if (_appendGate.TryEnter(CloseLimit))
        {
            try
            {
                NoteClosed();
                _appending?.Dispose();
                _appending = null;
            }
            finally
            {
                _appendGate.Exit();
            }
        }

        if (_readGate.TryEnter(CloseLimit))
        {
            try
            {
                _reading?.Dispose();
                _reading = null;
            }
            finally
            {
                _readGate.Exit();
            }
        }

        _readTurn.Dispose();
    }

    private void NoteClosed()
    {
        if (_appending is null || _unstored)
        {
            return;
        }

        try
        {
            using var command = Command(
                _appending, "INSERT INTO cursors (name, cursor) VALUES ($name, $cursor) ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
                ("$name", Closed), ("$cursor", (long)_lastCursor));
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // The next start passes over some cursors.
        }
    }

    private void Append(IReadOnlyList<AlarmEvent> transitions)
    {
        var connection = _appending ??= _databases.OpenAlarms();
        try
        {
            connection.InTransaction(() =>
            {
                foreach (var transition in transitions)
                {
                    transition.Cursor = Append(connection, transition);
                }
            });
            _unstored = false;
            var last = transitions.Max(transition => transition.Cursor);
            Volatile.Write(ref _lastStored, Math.Max(_lastStored, last));
            Volatile.Write(ref _lastCursor, Math.Max(_lastCursor, last));
        }
        catch (SqliteException)
        {
            _unstored = true;
            connection.Dispose();
            _appending = null;
            throw;
        }
    }

    private static ulong Append(SqliteConnection connection, AlarmEvent transition)
    {
        if (!Insert(connection, transition))
        {
            return Find(connection, transition);
        }

        var cursor = (ulong)SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);
        NoteOpen(connection, transition, cursor);
        return cursor;
    }

    private static bool Insert(SqliteConnection connection, AlarmEvent transition)
    {
        object cursor = transition.Cursor == 0 ? DBNull.Value : (long)transition.Cursor;
        transition.Cursor = 0; // the stored bytes leave it out
        using var command = Command(
            connection,
            """
            INSERT INTO alarms (cursor, alarm_id, device, condition, transition, priority, state, event_ns, published_ns, event)
            SELECT $cursor, $alarm, $device, $condition, $transition, $priority, $state, $at, $published, $event
            WHERE NOT EXISTS (SELECT 1 FROM alarms WHERE alarm_id = $alarm AND event_ns = $at AND transition = $transition)
            """,
            ("$cursor", cursor), ("$alarm", transition.AlarmId), ("$device", transition.DeviceId), ("$condition", (int)transition.Condition),
            ("$transition", (int)transition.Transition), ("$priority", (int)transition.Priority), ("$state", (int)transition.State),
            ("$at", unchecked((long)transition.EventUnixNs)), ("$published", unchecked((long)transition.PublishedUnixNs)), ("$event", transition.ToByteArray()));
        return command.ExecuteNonQuery() > 0;
    }

    private static ulong Find(SqliteConnection connection, AlarmEvent transition)
    {
        using var command = Command(
            connection, "SELECT cursor FROM alarms WHERE alarm_id = $alarm AND event_ns = $at AND transition = $transition",
            ("$alarm", transition.AlarmId), ("$at", unchecked((long)transition.EventUnixNs)), ("$transition", (int)transition.Transition));
        return Convert.ToUInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void NoteOpen(SqliteConnection connection, AlarmEvent transition, ulong cursor)
    {
        using var command = Command(
            connection,
            transition.State != AlarmState.Cleared
                ? "INSERT INTO open_alarms (alarm_id, cursor) VALUES ($alarm, $cursor) ON CONFLICT (alarm_id) DO UPDATE SET cursor = excluded.cursor"
                : "DELETE FROM open_alarms WHERE alarm_id = $alarm AND $cursor > 0",
            ("$alarm", transition.AlarmId), ("$cursor", (long)cursor));
        command.ExecuteNonQuery();
    }

    /// <summary>Readers take turns without a thread each; whose turn it is blocks one for the length of a page.</summary>
    private async ValueTask<List<AlarmEvent>> ReadAsync(string sql, (string Name, object Value)[] parameters, CancellationToken cancellationToken)
    {
        await _readTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_readGate)
            {
                return Read(_reading ??= _databases.OpenAlarms(), sql, parameters);
            }
        }
        catch (SqliteException)
        {
            lock (_readGate)
            {
                _reading?.Dispose();
                _reading = null;
            }

            throw;
        }
        finally
        {
            _readTurn.Release();
        }
    }

    private static List<AlarmEvent> Read(SqliteConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var row = command.ExecuteReader();
        var alarms = new List<AlarmEvent>();
        while (row.Read())
        {
            var alarm = AlarmEvent.Parser.ParseFrom((byte[])row[1]);
            alarm.Cursor = (ulong)row.GetInt64(0);
            alarms.Add(alarm);
        }

        return alarms;
    }

    private static SqliteCommand Command(SqliteConnection? connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = (connection ?? throw NotOpen()).CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private static InvalidOperationException NotOpen() => new("The alarm journal is not open.");
}
