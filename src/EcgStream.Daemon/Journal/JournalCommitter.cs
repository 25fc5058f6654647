using EcgStream.Core.Time;

namespace EcgStream.Daemon.Journal;

using Monitor = System.Threading.Monitor; // the folder Monitor is a namespace too

/// <summary>
/// The journal's writer thread: commits, rolls segments, retries after a failure, deletes what retention no longer keeps. A thread of its
/// own, because it spends its time blocked in fsync, which would starve a thread pool of two.
/// </summary>
internal sealed class JournalCommitter
{
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromMinutes(1);
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

    public void Start() => _thread.Start();

    public void Join() => _thread.Join();

    private void Run()
    {
        // Flags instead of comparing clocks: a timer sets each, so the thread behaves the same under any clock.
        using var interval = _time.CreateTimer(_ => Raise(ref _intervalOver), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var retry = _time.CreateTimer(_ => Raise(ref _retryDue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var housekeeping = _time.CreateTimer(_ => Raise(ref _housekeepingDue), null, HousekeepingInterval, HousekeepingInterval);
        try
        {
            while (Next() is var work && work.Kind != WorkKind.Stop)
            {
                switch (work.Kind)
                {
                    case WorkKind.Commit:
                        interval.Change(_options.CommitInterval, Timeout.InfiniteTimeSpan);
                        Commit(work.Batch!, retry);
                        break;
                    case WorkKind.Retry:
                        Retry(retry);
                        break;
                    default:
                        KeepHouse(retry);
                        break;
                }
            }

            CloseSegment();
            JournalLog.Closed(_logger, CommittedEnd);
        }
#pragma warning disable CA1031 // A dead writer must refuse loudly, not leave every device waiting for an acknowledgement.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            JournalLog.WriterDied(_logger, defect);
            FailWaiting(new JournalException("The journal's writer has ended by a defect: " + defect.Message, JournalAppendStatus.Failed, defect));
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

    private void Commit(JournalBatch batch, ITimer retry)
    {
        var started = _time.GetTimestamp();
        using var span = Traces.Start("journal.commit");
        var thrown = 0;
        try
        {
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
            thrown = batch.Complete(_segment.Number, offset);
            _spare = batch;
        }
        catch (Exception exception) when (IsWriteFailure(exception))
        {
            // Not the spare from here on: it may be what the journal fills already.
            thrown = Fail(batch, exception, retry);
        }

        if (thrown > 0)
        {
            JournalLog.CompletionsThrew(_logger, thrown);
        }
    }

    private int Fail(JournalBatch batch, Exception exception, ITimer retry)
    {
        var failure = new JournalException(
            $"Journal in '{_options.Directory}' cannot be written: {exception.Message}", JournalAppendStatus.Failed, exception);
        if (_segment is not null)
        {
            _catalog.Set(_segment.Abandon());
            _segment = null;
        }

        var failed = batch.Count;
        var thrown = batch.Fail(failure);
        _spare = batch;
        failed += FailWaiting(failure);
        _metrics.CommitFailed(failed);
        JournalLog.Failed(_logger, exception, failed);
        retry.Change(_options.RetryInterval, Timeout.InfiniteTimeSpan);
        return thrown;
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
        waiting.Fail(failure);
        _spare = waiting;
        return failed;
    }

    private void Retry(ITimer retry)
    {
        try
        {
            Roll();
            lock (_gate)
            {
                _journal.SetRecovered();
            }

            JournalLog.Recovered(_logger, _segment!.Number);
        }
        catch (Exception exception) when (IsWriteFailure(exception))
        {
            retry.Change(_options.RetryInterval, Timeout.InfiniteTimeSpan);
        }
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

    private void KeepHouse(ITimer retry)
    {
        if (_segment is { HasRecords: true } && IsOld(_segment))
        {
            try
            {
                Roll();
            }
            catch (Exception exception) when (IsWriteFailure(exception))
            {
                Fail(_spare, exception, retry);
            }
        }

        JournalRetention.Apply(_catalog, _files, _options, _segment, UnixNs(), _logger);
    }

    private bool IsOld(SegmentWriter segment) => UnixNs() - segment.CreatedUnixNs > _options.SegmentAge.Ticks * TimeSpan.NanosecondsPerTick;

    private long UnixNs() => _time.GetUtcNow().ToUnixNs();

    private static bool IsWriteFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

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
