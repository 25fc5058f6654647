using EcgStream.Core.Time;
using EcgStream.Daemon.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

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
    TimeProvider time,
    ILogger<InfluxFeeder> logger) : BackgroundService
{
    private readonly InfluxOptions _options = options.Value;
    private readonly InfluxLines _lines = new(options.Value.Site);
    private readonly Random _jitter = new();
    private long _pipelineWritten;
    private int _failures;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            using var cursors = new FeedCursors(databases.OpenResults(), writer.Destination, time);
            using var reader = results.OpenReader();
            var sources = Sources(reader);
            InfluxLog.Started(logger, writer.Destination, Lag(sources, cursors));
            while (true)
            {
                var pause = await FeedAllAsync(sources, cursors, stoppingToken);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not sent yet is sent after the next start.
        }
    }

    /// <returns>How long to wait before the next round.</returns>
    private async Task<TimeSpan> FeedAllAsync(FeedSource[] sources, FeedCursors cursors, CancellationToken stoppingToken)
    {
        try
        {
            foreach (var source in sources)
            {
                if (await FeedAsync(source, cursors, stoppingToken) is { } backoff)
                {
                    metrics.SetLag(Lag(sources, cursors));
                    return backoff;
                }
            }

            metrics.SetLag(Lag(sources, cursors));
            await WritePipelineAsync(stoppingToken);
            return _options.Interval;
        }
        catch (SqliteException exception)
        {
            var pause = NextBackoff(null);
            InfluxLog.StoreFailed(logger, exception, pause);
            return pause;
        }
    }

    /// <returns>Null when the source is fed to its end, else the pause before it is tried again.</returns>
    private async Task<TimeSpan?> FeedAsync(FeedSource source, FeedCursors cursors, CancellationToken stoppingToken)
    {
        var cursor = cursors.Read(source.Name);
        while (true)
        {
            var page = await source.ReadAfter(cursor, _options.BatchLines, stoppingToken);
            if (page.Count == 0)
            {
                return null;
            }

            CountMissed(source, cursor, page);
            var lines = page.Select(line => line.Line).ToList();
            var outcome = await WriteAsync(lines, source.Name, stoppingToken);
            switch (outcome.Kind)
            {
                case InfluxWriteKind.Written:
                    cursors.Write(source.Name, page[^1].Cursor);
                    metrics.Written(page.Count);
                    break;
                case InfluxWriteKind.Refused:
                    if (await IsolateRefusedAsync(source, cursors, page, outcome, stoppingToken) is { } backoff)
                    {
                        return backoff;
                    }

                    break;
                default:
                    return Unavailable(outcome);
            }

            Recovered();
            cursor = page[^1].Cursor;
            if (page.Count < _options.BatchLines)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// A server that refuses a batch does not always say which lines it means, and 1.x and 2.x differ in whether the others are in. So halves are
    /// sent until the refused ones stand alone: a bad line costs a dozen requests and takes no good line with it.
    /// </summary>
    private async Task<TimeSpan?> IsolateRefusedAsync(
        FeedSource source, FeedCursors cursors, IReadOnlyList<FeedLine> page, InfluxWriteOutcome refusal, CancellationToken stoppingToken)
    {
        var refused = new List<string>();
        var parts = new Stack<(int Start, int Count)>();
        Split(parts, 0, page.Count, page, refused);
        while (parts.TryPop(out var part))
        {
            var lines = page.Skip(part.Start).Take(part.Count).Select(line => line.Line).ToList();
            var outcome = await writer.WriteAsync(lines, stoppingToken);
            switch (outcome.Kind)
            {
                case InfluxWriteKind.Refused:
                    Split(parts, part.Start, part.Count, page, refused);
                    break;
                case InfluxWriteKind.Unavailable:
                    // The cursor has not moved: the page is sent again from its start.
                    return Unavailable(outcome);
                default:
                    break;
            }
        }

        cursors.WriteRefused(source.Name, page[0].Cursor, page[^1].Cursor, refused, refusal.Reason);
        metrics.Written(page.Count - refused.Count);
        metrics.Refused(refused.Count);
        InfluxLog.Refused(logger, refused.Count, source.Name, refusal.Reason);
        return null;
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
        var now = time.GetTimestamp();
        if (_pipelineWritten != 0 && time.GetElapsedTime(_pipelineWritten, now) < _options.PipelineInterval)
        {
            return;
        }

        _pipelineWritten = now;
        if (_lines.Pipeline(readings.Take(), time.GetUtcNow().ToUnixNs()) is { } line)
        {
            // The daemon's own totals are a reading of the moment: one that the server misses is not made up for.
            await writer.WriteAsync([line], stoppingToken);
        }
    }

    private async Task<InfluxWriteOutcome> WriteAsync(List<string> lines, string source, CancellationToken stoppingToken)
    {
        using var span = Traces.Start("influx.write");
        span?.SetTag("source", source).SetTag("lines", lines.Count);
        var outcome = await writer.WriteAsync(lines, stoppingToken);
        span?.SetTag("outcome", outcome.Kind.ToString());
        return outcome;
    }

    private void CountMissed(FeedSource source, ulong cursor, IReadOnlyList<FeedLine> page)
    {
        // Cursors have no holes of their own. At cursor 0 the destination is new, and what retention took before it was never promised to it.
        var missed = page[^1].Cursor - cursor - (ulong)page.Count;
        if (cursor > 0 && missed > 0)
        {
            metrics.Missed(missed);
            InfluxLog.Missed(logger, missed, source.Name);
        }
    }

    private TimeSpan Unavailable(in InfluxWriteOutcome outcome)
    {
        var pause = NextBackoff(outcome.RetryAfter);
        metrics.Failed(outcome.Reason);
        InfluxLog.Unavailable(logger, outcome.Reason, pause);
        return pause;
    }

    private TimeSpan NextBackoff(TimeSpan? asked)
    {
        var limit = _options.MinBackoff * Math.Pow(2, Math.Min(_failures++, 20));
        limit = limit < _options.MaxBackoff ? limit : _options.MaxBackoff;
        var jittered = limit * (0.5 + (_jitter.NextDouble() / 2));
        return asked > jittered ? asked.Value : jittered;
    }

    private void Recovered()
    {
        metrics.Recovered();
        if (_failures > 0)
        {
            InfluxLog.Recovered(logger, _failures);
            _failures = 0;
        }
    }

    private FeedSource[] Sources(ResultReader reader) =>
    [
        new("alarms", () => alarms.LastCursor, async (cursor, limit, stop) =>
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
