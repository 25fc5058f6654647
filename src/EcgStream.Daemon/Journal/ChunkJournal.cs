using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Journal;

using Monitor = System.Threading.Monitor; // the folder Monitor is a namespace too

/// <summary>
/// The durable log of accepted chunks, between ingest and acknowledgement, and the full-disclosure archive. Any thread appends;
/// one writer thread commits in groups: it writes all that waits with one call and flushes it, at most once per
/// <see cref="JournalOptions.CommitInterval"/>, and only then tells who waits. Within one appending thread order is kept.
/// </summary>
/// <remarks>Longer than most files: all that its one lock guards stands here, with the ways in and out; writing and reading are elsewhere.</remarks>
public sealed class ChunkJournal : IDisposable, IStageProgress
{
    private readonly JournalOptions _options;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly IJournalFiles _files;
    private readonly SegmentCatalog _catalog = new();
    private readonly object _gate = new();
    private JournalBatch _filling;
    private JournalCommitter? _committer;
    private FileStream? _lock;
    private TaskCompletionSource? _space;
    private JournalException? _failure;
    private volatile JournalState _state;

    public ChunkJournal(IOptions<JournalOptions> options, JournalMetrics metrics, TimeProvider time, ILogger<ChunkJournal> logger)
        : this(options, metrics, time, logger, new DiskJournalFiles())
    {
    }

    internal ChunkJournal(IOptions<JournalOptions> options, JournalMetrics metrics, TimeProvider time, ILogger<ChunkJournal> logger, IJournalFiles files)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _files = files;
        _filling = new JournalBatch(_options.QueueBytes, _options.QueueRecords);
        metrics.Meter.CreateObservableUpDownCounter("ecg.journal.queue.depth", () => QueueDepth, "{record}", "Chunks that wait for a commit");
    }

    public JournalState State => _state;

    /// <summary>Why <see cref="State"/> is <see cref="JournalState.Failed"/>; null otherwise.</summary>
    public string? FailureReason => Volatile.Read(ref _failure)?.Message;

    /// <summary>Chunks that wait for the next commit.</summary>
    public int QueueDepth
    {
        get
        {
            lock (_gate)
            {
                return _filling.Count;
            }
        }
    }

    /// <summary>End of what is durable: every record before it can be read.</summary>
    public JournalPosition CommittedEnd => _committer?.CommittedEnd ?? JournalPosition.Start;

    /// <summary>Takes stock of the folder, mends the end that a crash left, and starts the writer. Once.</summary>
    /// <exception cref="JournalException">The folder is in use by another daemon, was written by a newer build, or cannot be read or written.</exception>
    [SuppressMessage("Performance", "CA1873:Avoid potentially expensive logging", Justification = "Once per start")]
    public JournalRecoverySummary Open()
    {
        lock (_gate)
        {
            if (_committer is not null)
            {
                throw new InvalidOperationException("The journal is opened once.");
            }

            try
            {
                Directory.CreateDirectory(_options.Directory);
                _lock = new FileStream(Path.Combine(_options.Directory, "journal.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                var summary = JournalRecovery.Run(_options.Directory, _catalog, _files);
                Report(summary);
                _committer = new JournalCommitter(_options, _catalog, _files, _metrics, _time, _logger, _gate, this);
                _state = JournalState.Ready;
                _committer.Start();
                return summary;
            }
            catch (Exception exception) when (exception is IOException and not JournalException or UnauthorizedAccessException)
            {
                _lock?.Dispose();
                throw new JournalException($"Journal folder '{_options.Directory}' (Journal:Directory) cannot be used: {exception.Message}", JournalAppendStatus.Closed, exception);
            }
        }
    }

    /// <summary>
    /// Takes one chunk for the next commit, without waiting. The payload is copied: its buffer is the caller's again on return.
    /// </summary>
    /// <param name="entry">The chunk.</param>
    /// <param name="completion">Called exactly once when the status is <see cref="JournalAppendStatus.Accepted"/>, never otherwise.</param>
    /// <param name="token">Handed to the completion, to tell appends apart.</param>
    public JournalAppendStatus TryAppend(in JournalEntry entry, IJournalCompletion completion, ulong token = 0)
    {
        ArgumentNullException.ThrowIfNull(completion);
        Check(entry);
        JournalAppendStatus status;
        lock (_gate)
        {
            status = _state switch
            {
                JournalState.Failed => JournalAppendStatus.Failed,
                JournalState.Closed => JournalAppendStatus.Closed,
                _ => _filling.TryAdd(entry, completion, token) ? JournalAppendStatus.Accepted : JournalAppendStatus.Full,
            };
            if (status == JournalAppendStatus.Accepted && _filling.Count == 1)
            {
                Monitor.PulseAll(_gate);
            }
        }

        if (status != JournalAppendStatus.Accepted)
        {
            _metrics.AppendRefused(status);
        }

        return status;
    }

    /// <summary>
    /// Appends and waits for the commit; while the queue is full it waits for space first, so it is for callers that can hold
    /// their sender back. The payload must stay unchanged until the task is done. Await it once.
    /// </summary>
    /// <param name="entry">The chunk.</param>
    /// <param name="cancellationToken">Ends the wait for space; an append that was taken is committed all the same.</param>
    /// <exception cref="JournalException">The record is not durable: the journal failed or is closed.</exception>
    public ValueTask<JournalPosition> AppendAsync(in JournalEntry entry, CancellationToken cancellationToken = default)
    {
        var operation = AppendOperation.Rent();
        var status = TryAppend(entry, operation);
        if (status == JournalAppendStatus.Accepted)
        {
            return new ValueTask<JournalPosition>(operation, operation.Version);
        }

        operation.Return();
        return status == JournalAppendStatus.Full
            ? AppendWhenThereIsSpaceAsync(entry, cancellationToken)
            : ValueTask.FromException<JournalPosition>(Refusal(status));
    }

    /// <summary>Done when the queue has been emptied once after the call, or the journal failed or closed: then try again.</summary>
    public Task WaitForSpaceAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_state != JournalState.Ready)
            {
                return Task.CompletedTask;
            }

            _space ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _space.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads committed records from a position on, in order; can be read again after its end, as more is committed.</summary>
    public JournalReader OpenReader(JournalPosition from) => new(_catalog, this, new JournalFilter { From = from });

    /// <summary>Reads records that came in at or after a time of the daemon's clock.</summary>
    public JournalReader OpenReader(long fromIngestUnixNs) => new(_catalog, this, new JournalFilter { FromIngestUnixNs = fromIngestUnixNs });

    /// <summary>Reads one device's records that overlap [<paramref name="fromDeviceUnixNs"/>, <paramref name="toDeviceUnixNs"/>) of its own clock.</summary>
    public JournalReader OpenReader(string deviceId, long fromDeviceUnixNs, long toDeviceUnixNs) => new(_catalog, this, new JournalFilter
    {
        DeviceIdUtf8 = Encoding.ASCII.GetBytes(deviceId),
        FromDeviceUnixNs = fromDeviceUnixNs,
        ToDeviceUnixNs = toDeviceUnixNs,
    });

    /// <summary>
    /// Hands over the tail: all records that came in within <see cref="JournalOptions.ReplayWindow"/> before the last one, in order.
    /// For the start, before ingest begins. A record's memory is valid until the handler's task is done.
    /// </summary>
    public async ValueTask<long> ReplayTailAsync(Func<JournalRecord, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var lastIngestUnixNs = _catalog.Segments.Select(segment => segment.Range?.IngestMaxUnixNs).Max();
        if (lastIngestUnixNs is not { } last || _options.ReplayWindow == TimeSpan.Zero)
        {
            return 0;
        }

        var records = 0L;
        using var reader = OpenReader(last - (_options.ReplayWindow.Ticks * TimeSpan.NanosecondsPerTick));
        while (reader.TryRead(out var record))
        {
            await handler(record, cancellationToken).ConfigureAwait(false);
            records++;
        }

        JournalLog.Replayed(_logger, records, _options.ReplayWindow);
        return records;
    }

    /// <summary>Takes no more appends, commits those that wait, closes the segment in order. Blocks until the writer thread has ended.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _state = JournalState.Closed;
            Monitor.PulseAll(_gate);
        }

        _committer?.Join();
        ReleaseSpace();
        _lock?.Dispose();
    }

    public void Dispose() => Close();

    /// <summary>The writer waits for a disk as long as it takes, which its state tells; here only whether it is there.</summary>
    string? IStageProgress.DescribeStuck() => _state != JournalState.Closed && _committer is { IsAlive: false } ? "The journal's writer has ended" : null;

    // What follows is for the committer, which calls it holding the gate.
    internal JournalBatch? TakeFilled(JournalBatch empty)
    {
        if (_filling.Count == 0)
        {
            return null;
        }

        var filled = _filling;
        _filling = empty;
        ReleaseSpace();
        return filled;
    }

    internal bool HasWaiting => _filling.Count > 0;

    internal bool IsClosing => _state == JournalState.Closed;

    internal void SetFailed(JournalException failure)
    {
        Volatile.Write(ref _failure, failure);
        _state = _state == JournalState.Closed ? JournalState.Closed : JournalState.Failed;
        ReleaseSpace();
    }

    /// <summary>Tells those who wait for the next commit that it will not come; the batch stays the one that is filled.</summary>
    internal int FailFilling(JournalException failure, ref int thrown)
    {
        var failed = _filling.Count;
        thrown += _filling.Fail(failure);
        ReleaseSpace();
        return failed;
    }

    internal void SetRecovered()
    {
        Volatile.Write(ref _failure, null);
        _state = _state == JournalState.Closed ? JournalState.Closed : JournalState.Ready;
    }

    private static void Check(in JournalEntry entry)
    {
        if (entry.DeviceId is not { Length: > 0 and <= JournalEntry.MaxDeviceIdBytes } || !Ascii.IsValid(entry.DeviceId))
        {
            throw new ArgumentException($"Device id must have 1 to {JournalEntry.MaxDeviceIdBytes} ASCII characters.", nameof(entry));
        }

        if (entry.Payload.Length is 0 or > JournalEntry.MaxPayloadBytes)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Payload has {entry.Payload.Length} bytes; 1 to {JournalEntry.MaxPayloadBytes} are allowed."), nameof(entry));
        }
    }

    private async ValueTask<JournalPosition> AppendWhenThereIsSpaceAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            var operation = AppendOperation.Rent();
            var status = TryAppend(entry, operation);
            if (status == JournalAppendStatus.Accepted)
            {
                return await new ValueTask<JournalPosition>(operation, operation.Version).ConfigureAwait(false);
            }

            operation.Return();
            if (status != JournalAppendStatus.Full)
            {
                throw Refusal(status);
            }
        }
    }

    private JournalException Refusal(JournalAppendStatus status) => status == JournalAppendStatus.Failed && Volatile.Read(ref _failure) is { } failure
        ? new JournalException(failure.Message, status, failure.InnerException)
        : new JournalException("The journal is not open.", status);

    private void ReleaseSpace()
    {
        lock (_gate)
        {
            _space?.TrySetResult();
            _space = null;
        }
    }

    private void Report(in JournalRecoverySummary summary)
    {
        JournalLog.Opened(_logger, summary.Segments, summary.Records, _options.Directory);
        if (summary.TornBytes > 0)
        {
            JournalLog.TornTail(_logger, summary.TornBytes);
        }

        if (summary.CorruptStretches > 0)
        {
            JournalLog.Corrupt(_logger, summary.CorruptStretches);
        }
    }
}
