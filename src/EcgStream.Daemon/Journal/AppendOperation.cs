using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace EcgStream.Daemon.Journal;

/// <summary>
/// An awaitable append, pooled: goes back when its result was taken. The writer thread only queues it; the awaiting code
/// runs on the thread pool, so that no caller can hold up the next commit.
/// </summary>
internal sealed class AppendOperation : IValueTaskSource<JournalPosition>, IJournalCompletion, IThreadPoolWorkItem
{
    private const int MaxPooled = 4096;
    private static readonly ConcurrentQueue<AppendOperation> Pool = new();
    private ManualResetValueTaskSourceCore<JournalPosition> _core;
    private JournalPosition _position;
    private JournalException? _failure;

    public short Version => _core.Version;

    public static AppendOperation Rent() => Pool.TryDequeue(out var operation) ? operation : new AppendOperation();

    /// <summary>Gives one back that was not taken by the journal.</summary>
    public void Return()
    {
        _core.Reset();
        _failure = null;
        if (Pool.Count < MaxPooled)
        {
            Pool.Enqueue(this);
        }
    }

    void IJournalCompletion.OnCommitted(ulong token, JournalPosition position)
    {
        _position = position;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IJournalCompletion.OnFailed(ulong token, JournalException reason)
    {
        _failure = reason;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure)
        {
            _core.SetException(failure);
        }
        else
        {
            _core.SetResult(_position);
        }
    }

    JournalPosition IValueTaskSource<JournalPosition>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<JournalPosition>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<JournalPosition>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
