using EcgStream.Core.Time;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Daemon.Supervision;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>
/// Feeds InfluxDB from the embedded store: results, vitals, beats and alarms after a durable cursor each, in batches. While the server is down nothing is
/// skipped, for the rows are in SQLite; when it refuses lines for what they say, those are kept aside and the cursor goes on.
/// Every line is idempotent, so a request whose answer was lost is simply sent again.
/// </summary>
internal sealed class InfluxFeeder(
    SqliteDatabases databases,
    ResultStore results,
    AlarmJournal alarms,
    IInfluxWriter writer,
    PipelineReadings readings,
    InfluxMetrics metrics,
    IOptions<InfluxOptions> options,
    StageSupervision supervision,
    ILogger<InfluxFeeder> logger) : SupervisedService("influxdb", supervision)
{
    private const string Alarms = "alarms";
    private readonly InfluxOptions _options = options.Value;
    private readonly TimeProvider _time = supervision.Clock;
    private readonly InfluxLines _lines = new(options.Value.Site);
    private long _pipelineWritten;

    /// <summary>What is not sent when it ends is sent after the next start.</summary>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var cursors = new FeedCursors(databases.OpenResults(), writer.Destination, _time);
        using var reader = results.OpenReader();
        var sources = Sources(reader);
        InfluxLog.Started(logger, writer.Destination, Lag(sources, cursors));
        var whileStoreFails = WhileStoreFails();
        var whileUnavailable = WhileUnavailable(() => Lag(sources, cursors));
        while (true)
        {
            await whileStoreFails.ExecuteAsync(
                async stop => await FeedAllAsync(sources, cursors, whileUnavailable, stop), stoppingToken);
            await Task.Delay(_options.Interval, _time, stoppingToken);
        }
    }

    /// <summary>The same lines again, until the server takes or refuses them.</summary>
    private ResiliencePipeline<InfluxWriteOutcome> WhileUnavailable(Func<ulong> lag) =>
        new ResiliencePipelineBuilder<InfluxWriteOutcome> { TimeProvider = _time }.AddRetry(new RetryStrategyOptions<InfluxWriteOutcome>
        {
            ShouldHandle = new PredicateBuilder<InfluxWriteOutcome>().HandleResult(static outcome => outcome.Kind == InfluxWriteKind.Unavailable),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = _options.MinBackoff,
            MaxDelay = _options.MaxBackoff,
            // Null = the delay above. A server that asks for an hour, or a proxy before it, does not stop the feed for so long.
            DelayGenerator = tried => ValueTask.FromResult(tried.Outcome.Result.RetryAfter is { } asked && asked > _options.MaxBackoff ? _options.MaxBackoff : tried.Outcome.Result.RetryAfter),
            OnRetry = tried =>
            {
                metrics.SetLag(lag());
                metrics.Failed(tried.Outcome.Result.Reason);
                InfluxLog.Unavailable(logger, tried.Outcome.Result.Reason, tried.RetryDelay);
                return default;
            },
        })
        .Build();

    private ResiliencePipeline WhileStoreFails() =>
        new ResiliencePipelineBuilder { TimeProvider = _time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SqliteException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = _options.MinBackoff,
            MaxDelay = _options.MaxBackoff,
            OnRetry = tried =>
            {
                InfluxLog.StoreFailed(logger, tried.Outcome.Exception!, tried.RetryDelay);
                return default;
            },
        })
        .Build();

    private async Task FeedAllAsync(
        FeedSource[] sources, FeedCursors cursors, ResiliencePipeline<InfluxWriteOutcome> whileUnavailable, CancellationToken stoppingToken)
    {
        foreach (var source in sources)
        {
            await FeedAsync(source, cursors, whileUnavailable, stoppingToken);
        }

        metrics.SetLag(Lag(sources, cursors));
        await WritePipelineAsync(stoppingToken);
    }

    /// <summary>Feeds a source to its end.</summary>
    private async Task FeedAsync(
        FeedSource source, FeedCursors cursors, ResiliencePipeline<InfluxWriteOutcome> whileUnavailable, CancellationToken stoppingToken)
    {
        var cursor = cursors.Read(source.Name);
        while (true)
        {
            var page = await source.ReadAfter(cursor, _options.BatchLines, stoppingToken);
            if (page.Count == 0)
            {
                return;
            }

            CountMissed(source, cursor, page);
            Task<InfluxWriteOutcome> WritePartAsync(IEnumerable<FeedLine> part) =>
                WriteAsync([.. part.Select(line => line.Line)], source.Name, whileUnavailable, stoppingToken);
            var outcome = await WritePartAsync(page);
            if (outcome.Kind == InfluxWriteKind.Refused)
            {
                await IsolateRefusedAsync(source, cursors, page, outcome, WritePartAsync);
            }
            else
            {
                cursors.Write(source.Name, page[^1].Cursor);
                metrics.Written(page.Count);
            }

            cursor = page[^1].Cursor;
            if (page.Count < _options.BatchLines)
            {
                return;
            }
        }
    }

    /// <summary>
    /// A server that refuses a batch does not always say which lines it means, and 1.x and 2.x differ in whether the others are in. So halves are
    /// sent until the refused ones stand alone: a bad line costs a dozen requests and takes no good line with it.
    /// </summary>
    private async Task IsolateRefusedAsync(
        FeedSource source, FeedCursors cursors, IReadOnlyList<FeedLine> page, InfluxWriteOutcome refusal,
        Func<IEnumerable<FeedLine>, Task<InfluxWriteOutcome>> writeAsync)
    {
        var refused = new List<string>();
        var parts = new Stack<(int Start, int Count)>();
        Split(parts, 0, page.Count, page, refused);
        while (parts.TryPop(out var part))
        {
            var outcome = await writeAsync(page.Skip(part.Start).Take(part.Count));
            if (outcome.Kind == InfluxWriteKind.Refused)
            {
                Split(parts, part.Start, part.Count, page, refused);
            }
        }

        cursors.WriteRefused(source.Name, page[0].Cursor, page[^1].Cursor, refused, refusal.Reason);
        metrics.Written(page.Count - refused.Count);
        metrics.Refused(refused.Count);
        InfluxLog.Refused(logger, refused.Count, source.Name, refusal.Reason);
    }

    private static void Split(Stack<(int Start, int Count)> parts, int start, int count, IReadOnlyList<FeedLine> page, List<string> refused)
    {
        if (count == 1)
        {
            refused.Add(page[start].Line);
            return;
        }

        parts.Push((start + (count / 2), count - (count / 2)));
        parts.Push((start, count / 2));
    }

    private async Task WritePipelineAsync(CancellationToken stoppingToken)
    {
        var now = _time.GetTimestamp();
        if (_pipelineWritten != 0 && _time.GetElapsedTime(_pipelineWritten, now) < _options.PipelineInterval)
        {
            return;
        }

        _pipelineWritten = now;
        if (_lines.Pipeline(readings.Take(), _time.GetUtcNow().ToUnixNs()) is { } line)
        {
            // The daemon's own totals are a reading of the moment: one that the server misses is not made up for.
            await writer.WriteAsync([line], stoppingToken);
        }
    }

    private async Task<InfluxWriteOutcome> WriteAsync(
        List<string> lines, string source, ResiliencePipeline<InfluxWriteOutcome> whileUnavailable, CancellationToken stoppingToken)
    {
        var tries = 0;
        var outcome = await whileUnavailable.ExecuteAsync(
            async stop =>
            {
                tries++;
                using var span = Traces.Start("influx.write");
                span?.SetTag("source", source).SetTag("lines", lines.Count);
                var tried = await writer.WriteAsync(lines, stop);
                span?.SetTag("outcome", tried.Kind.ToString());
                return tried;
            },
            stoppingToken);
        metrics.Recovered();
        if (tries > 1)
        {
            InfluxLog.Recovered(logger, tries - 1);
        }

        return outcome;
    }

    private void CountMissed(FeedSource source, ulong cursor, IReadOnlyList<FeedLine> page)
    {
        if (source.Name == Alarms)
        {
            return; // their cursors have holes of their own: after a stop out of order, and where a transition was known
        }

        // Those of the others have none. At cursor 0 the destination is new, and what retention took before it was never promised to it.
        var missed = page[^1].Cursor - cursor - (ulong)page.Count;
        if (cursor > 0 && missed > 0)
        {
            metrics.Missed(missed);
            InfluxLog.Missed(logger, missed, source.Name);
        }
    }

    private FeedSource[] Sources(ResultReader reader) =>
    [
        new(Alarms, () => alarms.LastStoredCursor, async (cursor, limit, stop) =>
            [.. (await alarms.ReadAfterAsync(cursor, limit, stop)).Select(alarm => new FeedLine(alarm.Cursor, _lines.Alarm(alarm)))]),
        new("results", reader.LastCursor, (cursor, limit, _) => ValueTask.FromResult<IReadOnlyList<FeedLine>>(
            [.. reader.ReadResultsAfter(cursor, limit).Select(result => new FeedLine(result.Cursor, _lines.Rhythm(result)))])),
        new("vitals", reader.LastVitalsCursor, (cursor, limit, _) => ValueTask.FromResult<IReadOnlyList<FeedLine>>(
            [.. reader.ReadVitalsAfter(cursor, limit).Select(vitals => new FeedLine(vitals.Cursor, _lines.Vitals(vitals)))])),
        new("beats", reader.LastBeatCursor, (cursor, limit, _) => ValueTask.FromResult<IReadOnlyList<FeedLine>>(
            [.. reader.ReadBeatsAfter(cursor, limit).Select(beat => new FeedLine(beat.Cursor, _lines.Beat(beat)))])),
    ];

    private static ulong Lag(FeedSource[] sources, FeedCursors cursors)
    {
        var lag = 0ul;
        foreach (var source in sources)
        {
            var (last, fed) = (source.LastCursor(), cursors.Read(source.Name));
            lag += last > fed ? last - fed : 0;
        }

        return lag;
    }
}
