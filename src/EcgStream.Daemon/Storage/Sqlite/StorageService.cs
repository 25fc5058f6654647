using EcgStream.Daemon.Supervision;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Opens the databases before the stages registered after it start, closes them after those have stopped, and runs the alarms' retention.</summary>
internal sealed class StorageService(
    SqliteDatabases databases, ResultStore results, AlarmJournal alarms, IOptions<StorageOptions> options, StageSupervision supervision, ILogger<StorageService> logger)
    : SupervisedService("retention", supervision)
{
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _time = supervision.Clock;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        databases.Prepare();
        alarms.Open();
        results.Open();
        var open = (await alarms.LoadActiveAsync(cancellationToken)).Count;
        StoreLog.Opened(logger, options.Value.DataDirectory, results.LastCursor, alarms.LastCursor, open);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.Run(results.Close, CancellationToken.None);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PurgeInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Purge();
        }
    }

    private void Purge()
    {
        try
        {
            // One step a minute keeps up with 2,000 transitions a minute and never holds an append for long.
            StoreLog.Purged(logger, alarms.PurgeStep());
        }
        catch (SqliteException exception)
        {
            StoreLog.PurgeFailed(logger, exception);
        }
    }
}
