using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>
/// The schemas of the two databases, as steps: <c>user_version</c> counts the steps that a file has had, and each missing one is run in
/// its own transaction at start. A step that has shipped is never changed; a new one is added behind it.
/// Times are Unix nanoseconds; unsigned 64-bit ids are stored as the signed number of the same bits.
/// </summary>
internal sealed class SqliteSchema(string name, string[] followed, params string[] steps)
{
    /// <summary>Results, beats, vitals, and how far other stores have been fed from them.</summary>
    public static readonly SqliteSchema Results = new(
        "results",
        ["results", "beats", "vitals"],
        """
        CREATE TABLE devices (id INTEGER PRIMARY KEY, device TEXT NOT NULL UNIQUE);
        CREATE TABLE models (id INTEGER PRIMARY KEY, model TEXT NOT NULL UNIQUE);
        CREATE TABLE model_versions (
          id INTEGER PRIMARY KEY,
          model_id INTEGER NOT NULL REFERENCES models (id),
          version TEXT NOT NULL,
          labels TEXT NOT NULL, -- JSON array of label names, in the order of scores
          UNIQUE (model_id, version, labels));
        CREATE TABLE results (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          device_id INTEGER NOT NULL REFERENCES devices (id),
          model_id INTEGER NOT NULL REFERENCES models (id),
          window_start_ns INTEGER NOT NULL,
          window_end_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          version_id INTEGER NOT NULL REFERENCES model_versions (id),
          predicted INTEGER NOT NULL,
          abnormal INTEGER NOT NULL,
          abnormal_score REAL NOT NULL,
          marks INTEGER NOT NULL,
          latency_ms REAL NOT NULL,
          stored_ns INTEGER NOT NULL,
          scores BLOB NOT NULL, -- float32 little-endian
          UNIQUE (device_id, model_id, window_start_ns));
        CREATE TABLE beats (
          device_id INTEGER NOT NULL REFERENCES devices (id),
          peak_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          rr_ms REAL,
          amplitude_mv REAL NOT NULL,
          lead INTEGER NOT NULL,
          label TEXT, -- class, once a model looks at beats
          PRIMARY KEY (device_id, peak_ns)) WITHOUT ROWID;
        CREATE TABLE vitals (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          device_id INTEGER NOT NULL REFERENCES devices (id),
          end_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          heart_rate_bpm REAL,
          beats INTEGER NOT NULL,
          leads_off INTEGER NOT NULL, -- this and the next four: bit per lead
          leads_flat INTEGER NOT NULL,
          leads_saturated INTEGER NOT NULL,
          leads_noisy INTEGER NOT NULL,
          leads_wandering INTEGER NOT NULL,
          stored_ns INTEGER NOT NULL,
          UNIQUE (device_id, end_ns));
        CREATE TABLE feeds (
          destination TEXT NOT NULL,
          source TEXT NOT NULL,
          cursor INTEGER NOT NULL,
          PRIMARY KEY (destination, source)) WITHOUT ROWID;
        CREATE TABLE feed_refusals (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          destination TEXT NOT NULL,
          source TEXT NOT NULL,
          first_cursor INTEGER NOT NULL,
          refused_ns INTEGER NOT NULL,
          line TEXT NOT NULL,
          reason TEXT NOT NULL);
        """,
        """
        CREATE INDEX vitals_by_session ON vitals (device_id, session_id, end_ns);
        CREATE INDEX beats_by_session ON beats (device_id, session_id, peak_ns);
        """,
        """
        ALTER TABLE beats ADD COLUMN stored_ns INTEGER NOT NULL DEFAULT 0;
        UPDATE beats SET stored_ns = CAST(strftime('%s', 'now') AS INTEGER) * 1000000000; -- nobody noted when they came: kept for a whole retention from now
        CREATE INDEX beats_by_storage ON beats (stored_ns); -- for retention; beats have no cursor
        """,
        """
        CREATE TABLE classified_beats (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT, -- for what is fed from here, and for retention
          device_id INTEGER NOT NULL REFERENCES devices (id),
          peak_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          rr_ms REAL,
          amplitude_mv REAL NOT NULL,
          lead INTEGER NOT NULL,
          class INTEGER NOT NULL, -- N, S, V, F, Q = 0 to 4
          probability REAL NOT NULL,
          stored_ns INTEGER NOT NULL,
          UNIQUE (device_id, peak_ns));
        INSERT INTO classified_beats (device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead, class, probability, stored_ns)
          SELECT device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead, 4, 0, stored_ns FROM beats ORDER BY stored_ns;
        DROP TABLE beats;
        ALTER TABLE classified_beats RENAME TO beats;
        CREATE INDEX beats_by_session ON beats (device_id, session_id, peak_ns);
        """,
        """
        -- The session belongs to the identity of all three: a device without a clock may be at the same time in each of its sessions.
        CREATE TABLE session_results (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          device_id INTEGER NOT NULL REFERENCES devices (id),
          model_id INTEGER NOT NULL REFERENCES models (id),
          window_start_ns INTEGER NOT NULL,
          window_end_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          version_id INTEGER NOT NULL REFERENCES model_versions (id),
          predicted INTEGER NOT NULL,
          abnormal INTEGER NOT NULL,
          abnormal_score REAL NOT NULL,
          marks INTEGER NOT NULL,
          latency_ms REAL NOT NULL,
          stored_ns INTEGER NOT NULL,
          scores BLOB NOT NULL, -- float32 little-endian
          UNIQUE (device_id, session_id, model_id, window_start_ns));
        INSERT INTO session_results SELECT cursor, device_id, model_id, window_start_ns, window_end_ns, session_id, version_id, predicted, abnormal, abnormal_score,
          marks, latency_ms, stored_ns, scores FROM results ORDER BY cursor;
        CREATE TABLE session_beats (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          device_id INTEGER NOT NULL REFERENCES devices (id),
          peak_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          rr_ms REAL,
          amplitude_mv REAL NOT NULL,
          lead INTEGER NOT NULL,
          class INTEGER NOT NULL, -- N, S, V, F, Q = 0 to 4
          probability REAL NOT NULL,
          stored_ns INTEGER NOT NULL,
          UNIQUE (device_id, session_id, peak_ns));
        INSERT INTO session_beats SELECT cursor, device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead, class, probability, stored_ns FROM beats ORDER BY cursor;
        CREATE TABLE session_vitals (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          device_id INTEGER NOT NULL REFERENCES devices (id),
          end_ns INTEGER NOT NULL,
          session_id INTEGER NOT NULL,
          heart_rate_bpm REAL,
          beats INTEGER NOT NULL,
          leads_off INTEGER NOT NULL, -- this and the next four: bit per lead
          leads_flat INTEGER NOT NULL,
          leads_saturated INTEGER NOT NULL,
          leads_noisy INTEGER NOT NULL,
          leads_wandering INTEGER NOT NULL,
          stored_ns INTEGER NOT NULL,
          UNIQUE (device_id, session_id, end_ns));
        INSERT INTO session_vitals SELECT cursor, device_id, end_ns, session_id, heart_rate_bpm, beats, leads_off, leads_flat, leads_saturated, leads_noisy,
          leads_wandering, stored_ns FROM vitals ORDER BY cursor;

        -- Cursors rise over the move, also where retention has deleted the last rows.
        DELETE FROM sqlite_sequence WHERE name LIKE 'session\_%' ESCAPE '\';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'session_' || name, seq FROM sqlite_sequence WHERE name IN ('results', 'beats', 'vitals');
        DROP TABLE results;
        DROP TABLE beats;
        DROP TABLE vitals;
        ALTER TABLE session_results RENAME TO results;
        ALTER TABLE session_beats RENAME TO beats;
        ALTER TABLE session_vitals RENAME TO vitals;
        CREATE INDEX results_by_window ON results (device_id, window_start_ns);
        """);

    /// <summary>Alarm transitions and audit: a file of its own, so that its one lock is never held by a batch of results.</summary>
    public static readonly SqliteSchema Alarms = new(
        "alarms",
        ["alarms"],
        """
        CREATE TABLE alarms (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          alarm_id TEXT NOT NULL,
          device TEXT NOT NULL,
          condition INTEGER NOT NULL,
          transition INTEGER NOT NULL,
          priority INTEGER NOT NULL,
          state INTEGER NOT NULL,
          event_ns INTEGER NOT NULL,
          published_ns INTEGER NOT NULL,
          event BLOB NOT NULL); -- ecgstream.v1.AlarmEvent, its cursor left out
        CREATE UNIQUE INDEX alarms_identity ON alarms (alarm_id, event_ns, transition);
        CREATE INDEX alarms_by_alarm ON alarms (alarm_id, cursor);
        CREATE INDEX alarms_by_device ON alarms (device, event_ns);
        CREATE TABLE open_alarms (
          alarm_id TEXT PRIMARY KEY,
          cursor INTEGER NOT NULL) WITHOUT ROWID; -- latest transition of each alarm that is not cleared
        CREATE TABLE audit (
          cursor INTEGER PRIMARY KEY AUTOINCREMENT,
          at_ns INTEGER NOT NULL,
          actor TEXT NOT NULL,
          action TEXT NOT NULL,
          subject TEXT NOT NULL,
          detail TEXT NOT NULL);
        """,
        "CREATE INDEX alarms_by_published ON alarms (published_ns); -- for retention, which runs under the lock of the appends",
        """
        CREATE TABLE limits (
          device TEXT PRIMARY KEY, -- empty = the set of all who have none of their own
          version INTEGER NOT NULL,
          limits BLOB, -- ecgstream.v1.ArrhythmiaLimits, whole; NULL = gone back to what is inherited
          changed_by TEXT NOT NULL,
          changed_ns INTEGER NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE TABLE cursors (
          name TEXT PRIMARY KEY, -- 'closed', while the daemon is stopped in order; 'publisher/' and the name of one that follows the alarms
          cursor INTEGER NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE TABLE parked_alarms (
          publisher TEXT NOT NULL,
          cursor INTEGER NOT NULL,
          parked_ns INTEGER NOT NULL,
          reason TEXT NOT NULL, -- why its other end will not have it
          event BLOB NOT NULL, -- ecgstream.v1.AlarmEvent
          PRIMARY KEY (publisher, cursor)) WITHOUT ROWID;
        """);

    public int Version => steps.Length;

    /// <summary>For a new database: the first cursors come behind this one.</summary>
    public void BeginCursorsAfter(SqliteConnection connection, long cursor)
    {
        foreach (var table in followed)
        {
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {cursor})"));
        }
    }

    /// <summary>Brings a database up to this build's version.</summary>
    /// <exception cref="StorageException">A newer build wrote it.</exception>
    /// <param name="upTo">The version to stop at, for tests of a later step; null = this build's.</param>
    public void Migrate(SqliteConnection connection, int? upTo = null)
    {
        var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > Version)
        {
            throw new StorageException(string.Create(
                CultureInfo.InvariantCulture,
                $"Database '{connection.DataSource}' has schema version {version} of '{name}'; this build knows up to {Version}. Start the newer build, or name another Storage:DataDirectory."));
        }

        for (; version < (upTo ?? Version); version++)
        {
            var step = version;
            connection.InTransaction(() =>
            {
                connection.Execute(steps[step]);
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"));
            });
        }
    }
}
