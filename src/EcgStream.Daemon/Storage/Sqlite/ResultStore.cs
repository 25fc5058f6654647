using EcgStream.Core.Beats;
using EcgStream.Core.Time;
using EcgStream.Core.Vitals;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Supervision;
using EcgStream.Protocol.V1;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RhythmResult = EcgStream.Core.Results.RhythmResult;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>
/// The embedded store of results, beats and vitals. Any thread enqueues and never waits; one writer thread stores in batched transactions.
/// A failed transaction is kept and tried again on a new connection, until it works; a row that is itself at fault is dropped and counted. Storing the same result, beat or second twice changes nothing.
/// </summary>
/// <remarks>Longer than most files: the writer thread's loop stands beside the entry points whose state it shares; SQL is elsewhere.</remarks>
public sealed class ResultStore : IResultStore, IDisposable, IStageProgress
{
    private const int AttemptsAtEnd = 3;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);
    private readonly SqliteDatabases _databases;
    private readonly StorageOptions _options;
    private readonly StoreMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RowQueue _queue;
    private readonly Thread _thread;
    private readonly List<ulong> _cursors = [];
    private readonly Lock _readGate = new();
    private ResultReader? _reader;
    private readonly Lock _newResults = new();
    private TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _lastCursor;
    private volatile string? _failure;
    private volatile bool _full;
    private volatile bool _purgeDue;
    private bool _started;
    private StoreWriter? _writer; // the writer thread's

    public ResultStore(SqliteDatabases databases, IOptions<StorageOptions> options, StoreMetrics metrics, TimeProvider time, ILogger<ResultStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        _databases = databases;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _queue = new RowQueue(_options.QueueCapacity, time);
        _thread = new Thread(Run) { Name = "ecg-store", IsBackground = true };
        metrics.Meter.CreateObservableUpDownCounter("ecg.store.queue.depth", () => _queue.Count, "{row}", "Rows that wait to be stored");
    }

    /// <summary>Why storing fails now; null while it works.</summary>
    public string? FailureReason => _failure;

    /// <summary>Rows that wait.</summary>
    public int QueueDepth => _queue.Count;

    /// <summary>Results stored since the start.</summary>
    public long StoredTotal => _metrics.ResultsStored;

    public long BeatsStoredTotal => _metrics.BeatsStored;

    /// <summary>Told of each new result after its commit, in cursor order, on the writer thread: must not block. What it throws is logged and goes no further. Set before anything is enqueued.</summary>
    public Action<ulong, RhythmResult>? Stored { get; set; }

    /// <summary>Cursor of the last result that was stored; 0 when there has been none.</summary>
    public ulong LastCursor => Volatile.Read(ref _lastCursor);

    /// <summary>False: the queue is full, the result will not be stored and has been counted as dropped.</summary>
    public bool TryEnqueue(RhythmResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return TryEnqueue(new StoreRow(StoreRowKind.Result, result, default, default));
    }

    /// <summary>False: the queue is full, the beat will not be stored and has been counted as dropped.</summary>
    public bool TryEnqueue(in ClassifiedBeat beat) => TryEnqueue(new StoreRow(StoreRowKind.Beat, null, beat, default));

    /// <summary>False: the queue is full, the second will not be stored and has been counted as dropped.</summary>
    public bool TryEnqueue(in VitalsSecond vitals) => TryEnqueue(new StoreRow(StoreRowKind.Vitals, null, default, vitals));

    /// <summary>Done when a result with a higher cursor is stored.</summary>
    public async ValueTask WaitForResultAsync(ulong afterCursor, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task stored;
            lock (_newResults)
            {
                if (_lastCursor > afterCursor)
                {
                    return;
                }

                stored = _stored.Task;
            }

            await stored.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A reader with a connection of its own, for one user at a time; it sees what is committed.</summary>
    public ResultReader OpenReader() => new(_databases.OpenResults());

    /// <summary>
    /// For subscribers: pages of results after a cursor, through one connection that they share. They take turns without a thread each; whose turn it
    /// is blocks one for the length of a page, so however many catch up at once, the pool has one thread less.
    /// </summary>
    public async ValueTask<IReadOnlyList<ResultEvent>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken)
    {
        await ReadTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_readGate)
            {
                _reader ??= OpenReader();
                return [.. _reader.ReadResultsAfter(cursor, limit).Select(result => result.ToWire())];
            }
        }
        finally
        {
            ReadTurn.Release();
        }
    }

    /// <summary>Starts the writer; <see cref="SqliteDatabases.Prepare()"/> comes first. Once.</summary>
    public void Open()
    {
        using (var reader = OpenReader())
        {
            _lastCursor = reader.LastCursor();
        }

        _started = true;
        _thread.Start();
    }

    /// <summary>Stores what waits and ends the writer. Blocks until that is done, but not for ever: the writer may hang in a disk that does not answer.</summary>
    public void Close()
    {
        _queue.Close();
        if (_started && !_thread.Join(CloseLimit))
        {
            StoreLog.NotClosed(_logger, CloseLimit);
        }
    }

    public void Dispose()
    {
        Close();
        _queue.Dispose();
        lock (_readGate)
        {
            _reader?.Dispose();
            _reader = null;
        }

        ReadTurn.Dispose();
    }

    /// <summary>The writer waits for a disk as long as it takes, which <see cref="FailureReason"/> tells; here only whether it is there.</summary>
    string? IStageProgress.DescribeStuck() => _started && !_queue.IsClosed && !_thread.IsAlive ? "The store's writer has ended" : null;

    /// <summary>Held while a page is read.</summary>
    internal SemaphoreSlim ReadTurn { get; } = new(1, 1);

    private bool TryEnqueue(in StoreRow row)
    {
        if (_queue.TryAdd(row))
        {
            return true;
        }

        _metrics.Drop(row.Kind, 1);
        if (!_full)
        {
            _full = true;
            StoreLog.QueueFull(_logger);
        }

        return false;
    }

    private void Run()
    {
        using var purgeTimer = _time.CreateTimer(_ => DuePurge(), null, PurgeInterval, PurgeInterval);
        var batch = new List<StoreRow>(_options.BatchRows);
        var failures = 0;
        while (true)
        {
            _queue.Take(batch, _options.BatchRows);
            if (batch.Count == 0 && _queue.IsClosed)
            {
                break;
            }

            if (batch.Count > 0 && !_queue.IsHolding)
            {
                failures = Commit(batch, failures);
                if (failures >= AttemptsAtEnd && _queue.IsClosed)
                {
                    GiveUp(batch);
                    break;
                }
            }

            if (_purgeDue && failures == 0)
            {
                Purge();
            }
        }

        CloseConnection();
    }

    /// <returns>Failures in a row.</returns>
    private int Commit(List<StoreRow> batch, int failures)
    {
        try
        {
            Store(batch);
        }
        catch (SqliteException exception)
        {
            return Failed(batch, exception, failures);
        }
#pragma warning disable CA1031 // A defect in one row must not end the thread that stores all others.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            if (batch.Count > 1)
            {
                return CommitSingly(batch, failures);
            }

            _metrics.Drop(batch[0].Kind, 1);
            StoreLog.RowDropped(_logger, defect, batch[0].Kind);
            CloseConnection();
        }

        if (failures > 0)
        {
            _failure = null;
            StoreLog.Recovered(_logger, failures);
        }

        _queue.Hold(batch.Count < _options.BatchRows ? _options.CommitInterval : TimeSpan.Zero);
        _full = _full && _queue.Count > _options.QueueCapacity / 2;
        batch.Clear();
        return 0;
    }

    private void Store(List<StoreRow> batch)
    {
        var started = _time.GetTimestamp();
        _writer ??= new StoreWriter(_databases.OpenResults(), _time);
        _writer.Store(batch, _cursors);
        _metrics.Committed(_time.GetElapsedTime(started));
        Count(batch);
        Publish(batch);
    }

    private int Failed(List<StoreRow> batch, SqliteException exception, int failures)
    {
        CloseConnection();
        _failure = exception.Message;
        _metrics.Failed();
        var pause = FirstBackoff * Math.Pow(2, Math.Min(failures, 10));
        pause = pause < LastBackoff ? pause : LastBackoff;
        StoreLog.CommitFailed(_logger, exception, batch.Count, pause);
        _queue.Hold(pause);
        return failures + 1;
    }

    /// <summary>Row by row, to find and drop the one at fault. What is not reached because the disk failed stays in the batch.</summary>
    private int CommitSingly(List<StoreRow> batch, int failures)
    {
        CloseConnection();
        List<StoreRow> one = [];
        while (batch.Count > 0)
        {
            one.Clear();
            one.Add(batch[0]);
            if (Commit(one, failures) is > 0 and var again)
            {
                return again;
            }

            failures = 0;
            batch.RemoveAt(0);
        }

        return 0;
    }

    private void CloseConnection()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private void Count(List<StoreRow> batch)
    {
        Span<int> stored = stackalloc int[3];
        Span<int> duplicates = stackalloc int[3];
        for (var index = 0; index < batch.Count; index++)
        {
            (_cursors[index] > 0 ? stored : duplicates)[(int)batch[index].Kind]++;
        }

        for (var kind = StoreRowKind.Result; kind <= StoreRowKind.Vitals; kind++)
        {
            _metrics.Stored(kind, stored[(int)kind]);
            _metrics.Duplicate(kind, duplicates[(int)kind]);
        }
    }

    private void Publish(List<StoreRow> batch)
    {
        var last = 0ul;
        var faults = 0;
        Exception? fault = null;
        for (var index = 0; index < batch.Count; index++)
        {
            if (batch[index].Result is { } result && _cursors[index] > 0)
            {
                last = _cursors[index];
                Volatile.Write(ref _lastCursor, last);
                faults += Tell(last, result, ref fault) ? 0 : 1;
            }
        }

        if (fault is not null)
        {
            StoreLog.ListenerFaulted(_logger, fault, faults);
        }

        if (last == 0)
        {
            return;
        }

        TaskCompletionSource waiting;
        lock (_newResults)
        {
            waiting = _stored;
            _stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    private bool Tell(ulong cursor, RhythmResult result, ref Exception? fault)
    {
        try
        {
            Stored?.Invoke(cursor, result);
            return true;
        }
#pragma warning disable CA1031 // A listener's defect must not end the thread that stores everything; subscribers get the row from the store.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            fault = defect;
            return false;
        }
    }

    private void GiveUp(List<StoreRow> batch)
    {
        var lost = 0;
        for (; batch.Count > 0; _queue.Take(batch, _options.BatchRows))
        {
            lost += batch.Count;
            batch.ForEach(row => _metrics.Drop(row.Kind, 1));
            batch.Clear();
        }

        StoreLog.LostAtEnd(_logger, null, lost);
    }

    private void DuePurge()
    {
        _purgeDue = true;
        _queue.Wake();
    }

    private void Purge()
    {
        try
        {
            _purgeDue = false; // before the step: a timer that fires during it must not be forgotten
            _writer ??= new StoreWriter(_databases.OpenResults(), _time);
            var rows = new StorePurge(_writer.Connection, _options.PurgeRows).Step((_time.GetUtcNow() - _options.Retention).ToUnixNs());
            StoreLog.Purged(_logger, rows);
            if (rows > 0)
            {
                DuePurge();
            }
        }
        catch (SqliteException exception)
        {
            CloseConnection();
            StoreLog.PurgeFailed(_logger, exception);
        }
    }
}
