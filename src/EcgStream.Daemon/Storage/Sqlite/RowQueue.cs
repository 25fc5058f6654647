namespace EcgStream.Daemon.Storage.Sqlite;

using Monitor = System.Threading.Monitor; // the folder Monitor is a namespace too

/// <summary>
/// Bounded queue from any thread to the one writer thread, which sleeps in it. A ring that grows to what the load needs, up to the capacity.
/// (A Channel's reader waits asynchronously; the writer is a thread of its own, because SQLite blocks.)
/// </summary>
internal sealed class RowQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly int _capacity;
    private readonly ITimer _timer;
    private StoreRow[] _ring;
    private int _head;
    private int _count;
    private bool _ready = true;
    private bool _woken;
    private bool _closed;

    public RowQueue(int capacity, TimeProvider time)
    {
        _capacity = capacity;
        _ring = new StoreRow[Math.Min(256, capacity)];
        _timer = time.CreateTimer(_ => Raise(ref _ready), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>False when the queue is full or closed; the row is then the caller's to count.</summary>
    public bool TryAdd(in StoreRow row)
    {
        lock (_gate)
        {
            if (_closed || _count == _capacity)
            {
                return false;
            }

            if (_count == _ring.Length)
            {
                Grow();
            }

            _ring[(_head + _count) % _ring.Length] = row;
            if (++_count == 1)
            {
                Monitor.PulseAll(_gate);
            }

            return true;
        }
    }

    /// <summary>
    /// Waits until there is work and the pause set by <see cref="Hold"/> is over, then moves rows to the end of <paramref name="batch"/> until it
    /// has <paramref name="max"/>. Also returns when woken or closed.
    /// </summary>
    public void Take(List<StoreRow> batch, int max)
    {
        lock (_gate)
        {
            while (!_closed && !_woken && !(_ready && _count + batch.Count > 0))
            {
                Monitor.Wait(_gate);
            }

            _woken = false;
            if (!_ready && !_closed)
            {
                return;
            }

            for (; _count > 0 && batch.Count < max; _count--)
            {
                ref var slot = ref _ring[_head];
                batch.Add(slot);
                slot = default;
                _head = (_head + 1) % _ring.Length;
            }
        }
    }

    /// <summary>Nothing is taken for this long; a closed queue does not hold.</summary>
    public void Hold(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            lock (_gate)
            {
                _ready = false;
            }

            _timer.Change(pause, Timeout.InfiniteTimeSpan);
        }
    }

    public bool IsHolding
    {
        get
        {
            lock (_gate)
            {
                return !_ready && !_closed;
            }
        }
    }

    /// <summary>Lets the writer look at its other duties.</summary>
    public void Wake() => Raise(ref _woken);

    /// <summary>Takes no more rows; those that wait can still be taken.</summary>
    public void Close() => Raise(ref _closed);

    public void Dispose() => _timer.Dispose();

    private void Raise(ref bool flag)
    {
        lock (_gate)
        {
            flag = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Grow()
    {
        var grown = new StoreRow[(int)Math.Min(_capacity, _ring.Length * 2L)];
        for (var index = 0; index < _count; index++)
        {
            grown[index] = _ring[(_head + index) % _ring.Length];
        }

        _ring = grown;
        _head = 0;
    }
}
