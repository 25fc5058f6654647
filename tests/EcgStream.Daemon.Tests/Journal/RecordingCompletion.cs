using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Tests.Journal;

using Monitor = System.Threading.Monitor; // the daemon has a namespace of that name

/// <summary>Remembers what it was told.</summary>
internal sealed class RecordingCompletion : IJournalCompletion
{
    private readonly object _gate = new();
    private readonly List<ulong> _committed = [];
    private readonly List<(ulong Token, JournalException Reason)> _failed = [];
    private int _batchEnds;

    public List<ulong> Committed => Copy(_committed);

    public List<(ulong Token, JournalException Reason)> Failed => Copy(_failed);

    public int BatchEnds
    {
        get
        {
            lock (_gate)
            {
                return _batchEnds;
            }
        }
    }

    public void OnCommitted(ulong token, JournalPosition position)
    {
        lock (_gate)
        {
            _committed.Add(token);
        }
    }

    public void OnFailed(ulong token, JournalException reason)
    {
        lock (_gate)
        {
            _failed.Add((token, reason));
        }
    }

    public void OnBatchEnd()
    {
        lock (_gate)
        {
            _batchEnds++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until this many appends have been told of, and the commit they were in is over.</summary>
    public void WaitFor(int told, TimeSpan patience)
    {
        lock (_gate)
        {
            while (_committed.Count + _failed.Count < told)
            {
                Assert.True(Monitor.Wait(_gate, patience), $"Only {_committed.Count} committed and {_failed.Count} failed of {told}");
            }
        }
    }

    /// <summary>The same for a while; says whether they were told of.</summary>
    public bool TryWaitFor(int told, TimeSpan patience)
    {
        lock (_gate)
        {
            return _committed.Count + _failed.Count >= told || Monitor.Wait(_gate, patience);
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
