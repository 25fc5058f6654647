using EcgStream.Daemon.Feeds;
using Microsoft.Extensions.Options;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Gives transitions their cursors and brings them into the journal, whatever the disk does: what cannot be stored now waits here, in order, and is
/// tried again until it is. Who reads after a cursor gets the stored ones and then those that wait, marked <c>not_stored</c>. Bounded: when too many
/// wait the oldest are given up, counted and told, because publishing goes on whatever becomes of the record.
/// </summary>
internal sealed class AlarmStorer(
    IAlarmJournal journal, AlarmMetrics metrics, IOptions<AlarmEngineOptions> options, TimeProvider clock, ILogger<AlarmStorer> log) : ICursorStore<AlarmEvent>, IDisposable
{
    private readonly AlarmEngineOptions _options = options.Value;
    private readonly Lock _gate = new();
    private readonly LinkedList<Pending> _waiting = [];
    private readonly CancellationTokenSource _abandon = new();
    private TaskCompletionSource _work = Signal();
    private Task _loop = Task.CompletedTask;
    private ulong _lastCursor;
    private bool _complete;
    private volatile string? _failure;

    /// <summary>Why transitions cannot be stored now; null while they can.</summary>
    public string? FailureReason => _failure;

    /// <summary>Transitions that are decided and not stored.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public ulong LastCursor
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_lastCursor, journal.LastCursor);
            }
        }
    }

    /// <summary>Goes on after the journal's last cursor; the journal must be open. Once.</summary>
    public void Start()
    {
        _lastCursor = journal.LastCursor;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Gives transitions their cursors, in this order, and begins to store them. One caller at a time.</summary>
    public Pending[] Add(IReadOnlyList<AlarmEvent> transitions)
    {
        var added = new Pending[transitions.Count];
        var givenUp = 0;
        lock (_gate)
        {
            for (var i = 0; i < added.Length; i++)
            {
                transitions[i].Cursor = ++_lastCursor;
                added[i] = new Pending(transitions[i]);
                _waiting.AddLast(added[i]);
            }

            for (; _waiting.Count > _options.UnstoredCapacity; givenUp++)
            {
                _waiting.First!.Value.NoteFailure();
                _waiting.RemoveFirst();
            }

            _work.TrySetResult();
        }

        if (givenUp > 0)
        {
            metrics.GivenUp(givenUp);
            AlarmLog.GivenUp(log, givenUp, _options.UnstoredCapacity);
        }

        return added;
    }

    /// <summary>Gives the journal a moment to store a transition; none where storing fails now.</summary>
    public async ValueTask WaitAsync(Pending transition)
    {
        if (!transition.Tried.IsCompleted && _failure is null)
        {
            await Task.WhenAny(transition.Tried, Task.Delay(_options.PublishUnstoredAfter, clock, _abandon.Token)).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<AlarmEvent>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken)
    {
        // Before the journal is read: what is stored meanwhile is found there, and what is here is read once.
        AlarmEvent[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting.Where(pending => pending.Event.Cursor > cursor).Take(limit).Select(pending => pending.AsUnstored())];
        }

        var stored = await journal.ReadAfterAsync(cursor, limit, cancellationToken);
        if (waiting.Length == 0 || stored.Count == limit)
        {
            return stored;
        }

        var last = stored.Count == 0 ? cursor : stored[^1].Cursor;
        return [.. stored, .. waiting.Where(transition => transition.Cursor > last).Take(limit - stored.Count)];
    }

    /// <summary>Waits for what is not stored yet, up to the drain limit; no transition may be added any more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _complete = true;
            _work.TrySetResult();
        }

        try
        {
            await _loop.WaitAsync(_options.DrainLimit, clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // An append that hangs in the disk is not waited for: it may hang for minutes, and the process ends all the same.
            await _abandon.CancelAsync();
            AlarmLog.DrainIncomplete(log, Waiting, _options.DrainLimit);
        }
    }

    public void Dispose() => _abandon.Dispose();

    private async Task RunAsync()
    {
        var batch = new List<Pending>(_options.BatchSize);
        var failures = 0;
        while (await NextAsync(batch))
        {
            if (await TryStoreAsync(batch, failures))
            {
                failures = 0;
                continue;
            }

            var delay = _options.RetryDelay * Math.Pow(2, Math.Min(failures++, 16));
            await Task.Delay(delay < _options.RetryDelayLimit ? delay : _options.RetryDelayLimit, clock, _abandon.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The oldest that wait; false when none will come any more, or nobody waits for them.</summary>
    private async ValueTask<bool> NextAsync(List<Pending> batch)
    {
        while (!_abandon.IsCancellationRequested)
        {
            Task work;
            lock (_gate)
            {
                if (_waiting.Count > 0 || _complete)
                {
                    batch.Clear();
                    batch.AddRange(_waiting.Take(_options.BatchSize));
                    return batch.Count > 0;
                }

                _work = Signal();
                work = _work.Task;
            }

            await work;
        }

        return false;
    }

    private async ValueTask<bool> TryStoreAsync(List<Pending> batch, int failures)
    {
        // Copies: the journal sets their cursors while subscribers may read the others.
        var copies = batch.ConvertAll(pending => pending.Event.Clone());
        try
        {
            await journal.AppendAsync(copies, _abandon.Token);
        }
#pragma warning disable CA1031 // Whatever the store throws, the transitions must not be lost.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_abandon.IsCancellationRequested)
            {
                _failure = fault.Message;
                metrics.JournalFailed();
                AlarmLog.JournalFailed(log, fault, Waiting, failures + 1);
                batch.ForEach(pending => pending.NoteFailure());
            }

            return false;
        }

        lock (_gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                // Any of them may have been given up meanwhile; it is stored all the same.
                _waiting.Remove(batch[i]);
                batch[i].NoteStored(copies[i].Cursor);
            }
        }

        if (_failure is not null)
        {
            _failure = null;
            AlarmLog.JournalRecovered(log, failures);
        }

        return true;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A transition on its way into the journal.</summary>
    internal sealed class Pending(AlarmEvent transition)
    {
        private readonly TaskCompletionSource _tried = Signal();
        private ulong _storedCursor;

        /// <summary>Under the cursor that it was given first; nobody changes it.</summary>
        public AlarmEvent Event => transition;

        /// <summary>Done when it is stored, or could not be at the first try.</summary>
        public Task Tried => _tried.Task;

        /// <summary>Its cursor in the journal: that of the first time if it was stored before; 0 while it is not stored.</summary>
        public ulong StoredCursor => Volatile.Read(ref _storedCursor);

        public AlarmEvent AsUnstored() => new(transition) { NotStored = true };

        public void NoteStored(ulong cursor)
        {
            Volatile.Write(ref _storedCursor, cursor);
            _tried.TrySetResult();
        }

        public void NoteFailure() => _tried.TrySetResult();
    }
}
