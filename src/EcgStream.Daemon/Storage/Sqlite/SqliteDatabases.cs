using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>
/// The two database files of the data directory: <c>results.db</c> and <c>alarms.db</c>. SQLite has one write lock per file, so alarms have their
/// own. Every commit is flushed (<c>synchronous = FULL</c>): WAL's default would lose the last transactions in a power cut.
/// </summary>
public sealed class SqliteDatabases
{
    private readonly string _directory;

    static SqliteDatabases() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabases(IOptions<StorageOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _directory = options.Value.DataDirectory;
    }

    /// <summary>Makes the files where they are missing and brings their schemas up to date.</summary>
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

        Prepare(OpenResults, SqliteSchema.Results);
        Prepare(OpenAlarms, SqliteSchema.Alarms);
    }

    internal string ResultsPath => Path.Combine(_directory, "results.db");

    internal string AlarmsPath => Path.Combine(_directory, "alarms.db");

    internal SqliteConnection OpenResults() => Open(ResultsPath);

    internal SqliteConnection OpenAlarms() => Open(AlarmsPath);

    private void Prepare(Func<SqliteConnection> open, SqliteSchema schema)
    {
        try
        {
            using var connection = open();
            schema.Migrate(connection);
        }
        catch (SqliteException exception)
        {
            throw new StorageException($"Database in '{_directory}' (Storage:DataDirectory) cannot be used: {exception.Message}", exception);
        }
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
