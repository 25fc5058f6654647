using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>
/// The two database files of the data directory: <c>results.db</c> and <c>alarms.db</c>. SQLite has one write lock per file, so alarms have their
/// own. Every commit is flushed (<c>synchronous = FULL</c>): WAL's default would lose the last transactions in a power cut. A file that is found damaged
/// at the start is moved aside under a name that says so, and a new one is begun: a daemon that can hear devices monitors.
/// </summary>
public sealed class SqliteDatabases
{
    // A file up to this size is read through at the start; of a larger one both ends of each table are.
    private const long FullCheckBytes = 64L * 1024 * 1024;
    private static readonly string[] Companions = ["-wal", "-shm"];
    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile string[] _setAside = [];

    static SqliteDatabases() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabases(IOptions<StorageOptions> options, TimeProvider? time = null, ILogger<SqliteDatabases>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _directory = options.Value.DataDirectory;
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SqliteDatabases>.Instance;
    }

    /// <summary>Files that were damaged at this start and are kept under these names.</summary>
    public IReadOnlyList<string> SetAside => _setAside;

    internal string ResultsPath => Path.Combine(_directory, "results.db");

    internal string AlarmsPath => Path.Combine(_directory, "alarms.db");

    /// <summary>Makes the files where they are missing or damaged and brings their schemas up to date.</summary>
    /// <exception cref="StorageException">A file cannot be used, or a newer build wrote it.</exception>
    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(_directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Folder '{_directory}' (Storage:DataDirectory) cannot be made: {exception.Message}", exception);
        }

        Prepare(ResultsPath, SqliteSchema.Results);
        Prepare(AlarmsPath, SqliteSchema.Alarms);
    }

    internal SqliteConnection OpenResults() => Open(ResultsPath);

    internal SqliteConnection OpenAlarms() => Open(AlarmsPath);

    private void Prepare(string path, SqliteSchema schema)
    {
        try
        {
            Check(path, schema);
        }
        catch (SqliteException damage) when (IsDamage(damage))
        {
            BeginAnew(path, schema, damage.Message);
        }
        catch (SqliteException exception)
        {
            throw new StorageException($"Database '{path}' (Storage:DataDirectory) cannot be used: {exception.Message}", exception);
        }
    }

    private static void Check(string path, SqliteSchema schema)
    {
        using var connection = Open(path);
        if (new FileInfo(path).Length <= FullCheckBytes)
        {
            if (connection.Scalar("PRAGMA quick_check(1)") is string found and not "ok")
            {
                throw new SqliteException(found, SQLitePCL.raw.SQLITE_CORRUPT);
            }

            schema.Migrate(connection);
            return;
        }

        schema.Migrate(connection);
        foreach (var table in Read(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
        {
            Read(connection, $"SELECT * FROM \"{table}\" LIMIT 100");
            Read(connection, $"SELECT * FROM \"{table}\" ORDER BY 1 DESC LIMIT 100");
        }
    }

    /// <summary>Reads every field; returns the first column.</summary>
    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var first = new List<string>();
        var fields = new object[row.FieldCount];
        while (row.Read())
        {
            row.GetValues(fields);
            first.Add(fields[0].ToString() ?? "");
        }

        return first;
    }

    /// <summary>What is in the file is not what was written: SQLite's own verdicts, and a schema that its version does not have.</summary>
    private static bool IsDamage(SqliteException exception) =>
        exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR;

    private void BeginAnew(string path, SqliteSchema schema, string reason)
    {
        var aside = FormattableString.Invariant($"{path}.damaged-{_time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        try
        {
            File.Move(path, aside);
            foreach (var companion in Companions)
            {
                if (File.Exists(path + companion))
                {
                    File.Move(path + companion, aside + companion);
                }
            }

            using var connection = Open(path);
            schema.Migrate(connection);

            // Far behind any cursor that the damaged file gave out: followers come back with those, and none may mean two rows.
            schema.BeginCursorsAfter(connection, _time.GetUtcNow().ToUnixTimeSeconds() << 20);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Database '{path}' is damaged ({reason}) and a new one cannot be begun: {exception.Message}", exception);
        }

        _setAside = [.. _setAside, aside];
        StoreLog.SetAside(_logger, path, aside, reason);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            // SQLite's own wait starts at 1 ms; the library's, which comes after it, sleeps 150 ms at a time.
            connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
