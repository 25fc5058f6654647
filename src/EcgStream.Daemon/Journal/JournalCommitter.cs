using EcgStream.Core.Time;

namespace EcgStream.Daemon.Journal;

using Monitor = System.Threading.Monitor; // the folder Monitor is a namespace too

/// <summary>
/// The journal's writer thread: commits, rolls segments, retries after a failure, deletes what retention no longer keeps. A thread of its
/// own, because it spends its time blocked in fsync, which would starve a thread pool of two. Whatever goes wrong, it tells who waits and goes on.
/// </summary>
/// <remarks>
/// While a write or flush hangs the thread can do nothing, so a timer does: after <see cref="JournalOptions.StallLimit"/> it tells everybody who
/// waits that their chunks are not durable, also those that are being written. Should they get to the disk after all, they stand in the journal
/// twice once the device has sent them again, which a replay recognises.
/// </remarks>
internal sealed class JournalCommitter
{
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);
    private readonly Lock _busyGate = new();
    private JournalBatch? _writing;
    private bool _busy;
    private bool _stalled;
    private readonly JournalOptions _options;
    private readonly SegmentCatalog _catalog;
    private readonly IJournalFiles _files;
    private readonly JournalMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly object _gate;
    private readonly ChunkJournal _journal;
    private readonly Thread _thread;
    private JournalBatch _spare;
    private SegmentWriter? _segment;
    private ulong _committedEnd;
    private bool _intervalOver = true;
    private bool _retryDue;
    private bool _housekeepingDue = true;

    public JournalCommitter(
        JournalOptions options, SegmentCatalog catalog, IJournalFiles files, JournalMetrics metrics, TimeProvider time, ILogger logger, object gate, ChunkJournal journal)
    {
        _options = options;
        _catalog = catalog;
        _files = files;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _gate = gate;
        _journal = journal;
        _spare = new JournalBatch(options.QueueBytes, options.QueueRecords);
        _thread = new Thread(Run) { Name = "ecg-journal", IsBackground = true };
        var segments = catalog.Segments;
        _committedEnd = segments.Count == 0 ? 0 : new JournalPosition(segments[^1].Number, (uint)segments[^1].Bytes).Value;
    }

    public JournalPosition CommittedEnd => new(Volatile.Read(ref _committedEnd));

    public bool IsAlive => _thread.IsAlive;

    public void Start() => _thread.Start();

    /// <summary>Waits until the thread has ended; not for ever, as it may hang in a disk that does not answer.</summary>
    public void Join()
    {
        if (_thread.IsAlive && !_thread.Join(CloseLimit))
        {
            JournalLog.NotClosed(_logger, CloseLimit);
        }
    }

    private void Run()
    {
        // Flags instead of comparing clocks: a timer sets each, so the thread behaves the same under any clock.
        using var interval = _time.CreateTimer(_ => Raise(ref _intervalOver), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var retry = _time.CreateTimer(_ => Raise(ref _retryDue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var housekeeping = _time.CreateTimer(_ => Raise(ref _housekeepingDue), null, HousekeepingInterval, HousekeepingInterval);
        using var stall = _time.CreateTimer(_ => OnStall(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (Next() is var work && work.Kind != WorkKind.Stop)
        {
            SetBusy(work.Batch);
            stall.Change(_options.StallLimit, Timeout.InfiniteTimeSpan);
            try
            {
                switch (work.Kind)
                {
                    case WorkKind.Commit:
                        interval.Change(_options.CommitInterval, Timeout.InfiniteTimeSpan);
                        Commit(work.Batch!);
                        break;
                    case WorkKind.Retry:
                        Retry();
                        break;
                    default:
                        KeepHouse();
                        break;
                }
            }
#pragma warning disable CA1031 // A defect must not leave devices waiting for an acknowledgement, nor end the only thread that can give them one.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(work.Batch, exception);
                retry.Change(_options.RetryInterval, Timeout.InfiniteTimeSpan);
            }

            stall.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (EndBusy() && _segment is not null)
            {
                SetRecovered();
            }
        }

        CloseSegment();
        JournalLog.Closed(_logger, CommittedEnd);
    }

    private void SetBusy(JournalBatch? batch)
    {
        lock (_busyGate)
        {
            (_busy, _stalled, _writing) = (true, false, batch);
        }
    }

    /// <summary>From here on nobody is told by the timer.</summary>
    /// <returns>It was told that nothing is written.</returns>
    private bool EndBusy()
    {
        lock (_busyGate)
        {
            (_busy, _writing) = (false, null);
            return _stalled;
        }
    }

    private void OnStall()
    {
        lock (_busyGate)
        {
            if (!_busy)
            {
                return;
            }

            _stalled = true;
            var failure = new JournalException($"Journal in '{_options.Directory}' has not been written for {_options.StallLimit}", JournalAppendStatus.Failed);
            var failed = 0;
            var thrown = 0;
            if (_writing is { IsTold: false } batch)
            {
                failed = batch.Count;
                thrown = batch.FailEarly(failure);
            }

            lock (_gate)
            {
                _journal.SetFailed(failure);
                failed += _journal.FailFilling(failure, ref thrown);
            }

            _metrics.CommitFailed(failed);
            JournalLog.Stalled(_logger, _options.StallLimit, failed);
            LogThrown(thrown);
        }
    }

    private (WorkKind Kind, JournalBatch? Batch) Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_journal.HasWaiting && (_intervalOver || _journal.IsClosing))
                {
                    _intervalOver = _options.CommitInterval == TimeSpan.Zero;
                    return (WorkKind.Commit, _journal.TakeFilled(_spare));
                }

                if (_journal.IsClosing)
                {
                    return (WorkKind.Stop, null);
                }

                if (_retryDue)
                {
                    _retryDue = false;
                    return (WorkKind.Retry, null);
                }

                if (_housekeepingDue)
                {
                    _housekeepingDue = false;
                    return (WorkKind.Housekeeping, null);
                }

                Monitor.Wait(_gate);
            }
        }
    }

    private void Commit(JournalBatch batch)
    {
        var started = _time.GetTimestamp();
        using var span = Traces.Start("journal.commit");
        if (_segment is null || (_segment.HasRecords && (_segment.Length + batch.Bytes.Length > _options.SegmentBytes || IsOld(_segment))))
        {
            Roll();
        }

        var offset = _segment!.Length;
        var records = batch.Count;
        var bytes = batch.Bytes.Length;
        span?.SetTag("records", records).SetTag("bytes", bytes);
        _segment.Commit(batch);
        Volatile.Write(ref _committedEnd, new JournalPosition(_segment.Number, (uint)_segment.Length).Value);
        _metrics.Committed(records, bytes, _time.GetElapsedTime(started));
        var recovered = EndBusy();
        LogThrown(batch.Complete(_segment.Number, offset));
        _spare = batch;
        if (recovered)
        {
            SetRecovered();
        }
    }

    private void Fail(JournalBatch? batch, Exception exception)
    {
        EndBusy();
        var failure = new JournalException(
            $"Journal in '{_options.Directory}' cannot be written: {exception.Message}", JournalAppendStatus.Failed, exception);
        if (_segment is not null)
        {
            _catalog.Set(_segment.Abandon());
            _segment = null;
        }

        var failed = 0;
        if (batch is not null)
        {
            // Not the spare until now: that may be what the journal fills already.
            failed = batch.IsTold ? 0 : batch.Count;
            LogThrown(batch.Fail(failure));
            _spare = batch;
        }

        failed += FailWaiting(failure);
        _metrics.CommitFailed(failed);
        JournalLog.Failed(_logger, exception, failed);
    }

    /// <summary>From here on appends are refused at once; those that came in meanwhile are told.</summary>
    private int FailWaiting(JournalException failure)
    {
        JournalBatch? waiting;
        lock (_gate)
        {
            _journal.SetFailed(failure);
            waiting = _journal.TakeFilled(_spare);
        }

        if (waiting is null)
        {
            return 0;
        }

        var failed = waiting.Count;
        LogThrown(waiting.Fail(failure));
        _spare = waiting;
        return failed;
    }

    private void LogThrown(int thrown)
    {
        if (thrown > 0)
        {
            JournalLog.CompletionsThrew(_logger, thrown);
        }
    }

    private void Retry()
    {
        Roll();
        SetRecovered();
    }

    private void SetRecovered()
    {
        lock (_gate)
        {
            _journal.SetRecovered();
        }

        JournalLog.Recovered(_logger, _segment!.Number);
    }

    private void Roll()
    {
        CloseSegment();
        _segment = SegmentWriter.Create(_files, _options.Directory, _catalog.TakeNumber(), UnixNs());
        _catalog.Set(new SegmentInfo(_segment.Number, _segment.Path, _segment.CreatedUnixNs, 0, null));
        _housekeepingDue = true;
    }

    private void CloseSegment()
    {
        if (_segment is null)
        {
            return;
        }

        var closed = _segment.Close();
        _segment = null;
        _catalog.Set(closed);
        JournalLog.Rolled(_logger, closed.Number, closed.Bytes);
    }

    private void KeepHouse()
    {
        // First, as it may make the room that a new segment needs.
        JournalRetention.Apply(_catalog, _files, _options, _segment, UnixNs(), _logger);
        if (_segment is { HasRecords: true } && IsOld(_segment))
        {
            Roll();
        }
    }

    private bool IsOld(SegmentWriter segment) => UnixNs() - segment.CreatedUnixNs > _options.SegmentAge.Ticks * TimeSpan.NanosecondsPerTick;

    private long UnixNs() => _time.GetUtcNow().ToUnixNs();

    private void Raise(ref bool flag)
    {
        lock (_gate)
        {
            flag = true;
            Monitor.PulseAll(_gate);
        }
    }

    private enum WorkKind
    {
        Stop,
        Commit,
        Retry,
        Housekeeping,
    }
}
