using System.Threading.Channels;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Internal;
using InfluxDB.Client.Writes;

namespace InfluxDB.Client;

/// <summary>
/// Writes in the background, in batches, in order. What passes by itself (no connection, 429, 5xx) is sent again after the server's Retry-After, else after a
/// growing pause; a batch that the server refuses is told with its lines by <see cref="EventHandler"/> and given up, and so is one that was repeated in vain.
/// Any thread writes.
/// </summary>
public sealed class WriteApi : IDisposable
{
    /// <summary>Lines that may wait; one more holds its writer back.</summary>
    private const int LargestBacklog = 100_000;

    private readonly InfluxDBClientOptions _options;
    private readonly WriteOptions _settings;
    private readonly WriteApiAsync _write;
    private readonly TimeProvider _clock;
    private readonly Channel<Entry> _lines;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Task _loop;

    internal WriteApi(InfluxDBClientOptions options, InfluxTransport transport, WriteOptions settings, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.FlushInterval, 1);
        (_options, _settings, _clock) = (options, settings, clock);
        _write = new WriteApiAsync(options, transport);
        _lines = Channel.CreateBounded<Entry>(new BoundedChannelOptions(LargestBacklog) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Told on the writer's own task: what takes long here holds the writes back.</summary>
    public event EventHandler? EventHandler;

    public bool Disposed { get; private set; }

    public void WriteRecord(string record, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null)
    {
        if (!string.IsNullOrEmpty(record))
        {
            Add(new Entry(record, precision, bucket, org));
        }
    }

    public void WriteRecords(List<string> records, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        records.ForEach(record => WriteRecord(record, precision, bucket, org));
    }

    public void WriteRecords(string[] records, WritePrecision precision = WritePrecision.Ns, string? bucket = null, string? org = null) =>
        WriteRecords(new List<string>(records), precision, bucket, org);

    public void WritePoint(PointData point, string? bucket = null, string? org = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        WriteRecord(point.ToLineProtocol(_options.PointSettings), point.Precision, bucket, org);
    }

    public void WritePoints(List<PointData> points, string? bucket = null, string? org = null)
    {
        ArgumentNullException.ThrowIfNull(points);
        points.ForEach(point => WritePoint(point, bucket, org));
    }

    public void WritePoints(PointData[] points, string? bucket = null, string? org = null) => WritePoints(new List<PointData>(points), bucket, org);

    /// <summary>Sends what waits without waiting for its batch to fill. Returns at once.</summary>
    public void Flush() => Add(new Entry("", default, null, null));

    /// <summary>Writes what waits, for at most the time of one request and one pause; what then still waits is told as given up.</summary>
    public void Dispose()
    {
        Disposed = true;
        _lines.Writer.TryComplete();
        _abandoned.CancelAfter(_options.Timeout + TimeSpan.FromMilliseconds(_settings.RetryInterval));
        _loop.GetAwaiter().GetResult(); // the loop ends by the token at the latest and resumes on no context of the caller's
        _abandoned.Dispose();
    }

    private void Add(Entry entry)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        if (!_lines.Writer.TryWrite(entry))
        {
            // The buffer is full: the caller is held back, as nothing may be lost in silence.
            _lines.Writer.WriteAsync(entry).AsTask().GetAwaiter().GetResult();
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<string>();
        Entry? held = null;
        while (held is not null || await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            Entry? first = null;
            using var flush = new CancellationTokenSource(TimeSpan.FromMilliseconds(_settings.FlushInterval), _clock);
            while (batch.Count < _settings.BatchSize)
            {
                var entry = held ?? await NextAsync(flush.Token).ConfigureAwait(false);
                held = null;
                if (entry is null || entry.IsFlush)
                {
                    break;
                }

                if (first is not null && !entry.GoesWith(first))
                {
                    held = entry;
                    break;
                }

                first ??= entry;
                batch.Add(entry.Line);
            }

            if (first is not null)
            {
                await SendAsync(batch, first).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Null where the time is up, or the writer ends.</summary>
    private async ValueTask<Entry?> NextAsync(CancellationToken flush)
    {
        try
        {
            return _lines.Reader.TryRead(out var entry) ? entry : await _lines.Reader.ReadAsync(flush).ConfigureAwait(false);
        }
        catch (Exception end) when (end is OperationCanceledException or ChannelClosedException)
        {
            return null;
        }
    }

    private async Task SendAsync(List<string> lines, Entry of)
    {
        var (org, bucket) = (of.Org ?? _options.Org ?? "", of.Bucket ?? _options.Bucket ?? "");
        for (var attempt = 0; ; attempt++)
        {
            Exception fault;
            try
            {
                await _write.WriteRecordsAsync(lines, of.Precision, of.Bucket, of.Org, _abandoned.Token).ConfigureAwait(false);
                Tell(() => new WriteSuccessEvent(org, bucket, of.Precision, string.Join('\n', lines)));
                return;
            }
            catch (Exception failed) when (failed is InfluxException or ArgumentException or OperationCanceledException)
            {
                fault = failed;
            }

            if (fault is not HttpException http || !IsPassing(http) || attempt >= _settings.MaxRetries || _abandoned.IsCancellationRequested)
            {
                Tell(() => new WriteErrorEvent(org, bucket, of.Precision, string.Join('\n', lines), fault));
                return;
            }

            var pause = PauseOf(http, attempt);
            Tell(() => new WriteRetriableErrorEvent(org, bucket, of.Precision, string.Join('\n', lines), fault, (long)pause.TotalMilliseconds));
            await Task.Delay(pause, _clock, _abandoned.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsPassing(HttpException fault) => fault.Status is 0 or 429 or >= 500;

    private TimeSpan PauseOf(HttpException fault, int attempt)
    {
        var milliseconds = fault.RetryAfter is { } seconds
            ? seconds * 1000.0
            : Math.Min(_settings.RetryInterval * Math.Pow(_settings.ExponentialBase, attempt), _settings.MaxRetryDelay);
#pragma warning disable CA5394 // Spreads clients apart; guards nothing.
        return TimeSpan.FromMilliseconds(milliseconds + Random.Shared.Next(_settings.JitterInterval + 1));
#pragma warning restore CA5394
    }

    private void Tell(Func<InfluxDBEventArgs> make)
    {
        if (EventHandler is { } handler)
        {
            handler(this, make());
        }
    }

    private sealed record Entry(string Line, WritePrecision Precision, string? Bucket, string? Org)
    {
        public bool IsFlush => Line.Length == 0;

        public bool GoesWith(Entry other) => Precision == other.Precision && Bucket == other.Bucket && Org == other.Org;
    }
}
