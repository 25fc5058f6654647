using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Storage;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Daemon.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Tests.Storage;

/// <summary>A store in a folder of its own, which can be opened again as after a restart.</summary>
internal sealed class StoreFixture : IDisposable
{
    public static readonly ModelIdentity Model = new("normal-abnormal", "1.2.0", [new("normal", "426783006", false), new("abnormal", null, true)]);
    private readonly TestMeterFactory _meters = new();

    public StoreFixture(Action<StorageOptions>? configure = null, TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Options.DataDirectory = Directory.CreateTempSubdirectory("ecgs-").FullName;
        Options.CommitInterval = TimeSpan.Zero;
        configure?.Invoke(Options);
        Metrics = null!;
        Store = null!;
        Alarms = null!;
        Databases = null!;
        Open();
    }

    public StorageOptions Options { get; } = new();

    public TimeProvider Time { get; }

    public SqliteDatabases Databases { get; private set; }

    public StoreMetrics Metrics { get; private set; }

    public ResultStore Store { get; private set; }

    public AlarmJournal Alarms { get; private set; }

    public static RhythmResult Result(string device, int second, ModelIdentity? model = null, float abnormal = 0.75f) => new(
        device, 0xFEDC_BA98_7654_3210, model ?? Model, second * 1_000_000_000L, (second + 10) * 1_000_000_000L, [1 - abnormal, abnormal], abnormal >= 0.5f ? 1 : 0,
        abnormal >= 0.5f, abnormal, WindowMarks.Interpolated | WindowMarks.PoorQuality, 0, TimeProvider.System.TimestampFrequency / 40);

    public void Reopen()
    {
        Close();
        Open();
    }

    /// <summary>Waits for everything enqueued to be stored, by closing and opening again.</summary>
    public ResultReader ReadAfterReopen()
    {
        Reopen();
        return Store.OpenReader();
    }

    /// <summary>How SQLite would run a query on <c>results.db</c>, or on <c>alarms.db</c>.</summary>
    public string Plan(string sql, bool alarms = false)
    {
        using var connection = alarms ? Databases.OpenAlarms() : Databases.OpenResults();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var row = command.ExecuteReader();
        var plan = new List<string>();
        while (row.Read())
        {
            plan.Add(row.GetString(3));
        }

        return string.Join('\n', plan);
    }

    public void Dispose()
    {
        Close();
        _meters.Dispose();
        Directory.Delete(Options.DataDirectory, recursive: true);
    }

    private void Open()
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        Databases = new SqliteDatabases(options);
        Databases.Prepare();
        Metrics = new StoreMetrics(_meters);
        Store = new ResultStore(Databases, options, Metrics, Time, NullLogger<ResultStore>.Instance);
        Store.Open();
        Alarms = new AlarmJournal(Databases, options, Time);
        Alarms.Open();
    }

    private void Close()
    {
        Store.Dispose();
        Alarms.Dispose();
    }
}
