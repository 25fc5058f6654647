using System.Diagnostics.CodeAnalysis;
using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>
/// The chunks that are handed over and not answered, in order. One sender adds, one connection at a time takes, any thread resolves.
/// </summary>
internal sealed class SendWindow(int maxInFlight) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(maxInFlight, maxInFlight);
    private readonly SemaphoreSlim _work = new(0);
    private readonly Dictionary<ChunkKey, HeldChunk> _held = [];
    private readonly Queue<ChunkKey> _toSend = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _order;
    private bool _closed;
    private bool _flowed;
    private DeviceStreamTotals _totals;

    public DeviceStreamTotals Totals
    {
        get
        {
            lock (_gate)
            {
                return _totals;
            }
        }
    }

    /// <summary>Completes when the window is closed and everything in it is answered.</summary>
    public Task Drained => _drained.Task;

    public async ValueTask AddAsync(SampleChunk chunk, CancellationToken cancellation)
    {
        var key = ChunkKey.Of(chunk);
        await _room.WaitAsync(cancellation);
        lock (_gate)
        {
            if (_closed || !_held.TryAdd(key, new HeldChunk(chunk, _order++)))
            {
                _room.Release();
                throw new InvalidOperationException(_closed ? "The stream is completed; nothing more can be sent." : $"Chunk {key} is already on its way.");
            }

            _totals = _totals with { Sent = _totals.Sent + 1 };
            _toSend.Enqueue(key);
            Wake();
        }
    }

    /// <summary>No more chunks will be added.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            CheckDrained();
        }
    }

    /// <summary>The next chunk to put on the wire of this connection; false when there is none now.</summary>
    public bool TryTake([NotNullWhen(true)] out HeldChunk? next)
    {
        lock (_gate)
        {
            while (_toSend.TryDequeue(out var key))
            {
                if (_held.TryGetValue(key, out next))
                {
                    return true;
                }
            }

            next = null;
            return false;
        }
    }

    /// <summary>A chunk that was taken is on the wire.</summary>
    public void CountSent(HeldChunk chunk)
    {
        lock (_gate)
        {
            _totals = _totals with { Resent = _totals.Resent + (chunk.WasSent ? 1 : 0) };
            chunk.WasSent = true;
            _flowed = true;
        }
    }

    public Task WaitForWorkAsync(CancellationToken cancellation) => _work.WaitAsync(cancellation);

    /// <summary>A new connection: everything unanswered is to be sent again, in order.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            _toSend.Clear();
            foreach (var (key, _) in _held.OrderBy(pair => pair.Value.Order))
            {
                _toSend.Enqueue(key);
            }

            _totals = _totals with { Reconnects = _totals.Reconnects + (_flowed ? 1 : 0) };
            Wake();
        }
    }

    /// <summary>Whether this chunk is still unanswered.</summary>
    public bool Holds(ChunkKey key)
    {
        lock (_gate)
        {
            return _held.ContainsKey(key);
        }
    }

    /// <summary>An answer came. False when the chunk was answered before, as it happens after a break.</summary>
    public bool Resolve(ChunkKey key, AckStatus status, Refusal? refusal)
    {
        lock (_gate)
        {
            if (!_held.Remove(key))
            {
                return false;
            }

            _totals = status switch
            {
                AckStatus.Accepted => _totals with { Acked = _totals.Acked + 1 },
                AckStatus.Duplicate => _totals with { Duplicate = _totals.Duplicate + 1 },
                _ => _totals with { Refused = _totals.Refused + 1, FirstRefusal = _totals.FirstRefusal ?? refusal },
            };
            _room.Release();
            CheckDrained();
            return true;
        }
    }

    /// <summary>A chunk that a broker had taken was refused by the daemon behind it.</summary>
    public void Revoke(Refusal? refusal)
    {
        lock (_gate)
        {
            if (_totals.Acked > 0)
            {
                _totals = _totals with { Acked = _totals.Acked - 1, Refused = _totals.Refused + 1, FirstRefusal = _totals.FirstRefusal ?? refusal };
            }
        }
    }

    public void Dispose()
    {
        _room.Dispose();
        _work.Dispose();
    }

    private void CheckDrained()
    {
        if (_closed && _held.Count == 0)
        {
            _drained.TrySetResult();
            Wake();
        }
    }

    private void Wake()
    {
        if (_work.CurrentCount == 0)
        {
            _work.Release();
        }
    }
}
