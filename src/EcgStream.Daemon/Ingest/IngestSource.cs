using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Ingest;

/// <summary>Where chunks come from: one gRPC call, one MQTT client, or an external broker (which stands for all of its clients).</summary>
internal sealed class IngestSource(JournalTransport transport, bool exclusive) : IDisposable
{
    private readonly SemaphoreSlim _order = new(1, 1); // its asynchronous waiters enter first come, first served
    private volatile bool _closed;
    private string? _device;
    private bool _servesMany;

    public JournalTransport Transport { get; } = transport;

    /// <summary>
    /// Whether two sources may not write one session. False for an external broker: it does not say which client published.
    /// </summary>
    public bool Exclusive { get; } = exclusive;

    public bool Closed => _closed;

    /// <summary>
    /// Whether all chunks so far were of one device. Only such a source may be held back for it: behind a gateway or broker others would wait too.
    /// Called between <see cref="EnterAsync"/> and <see cref="Leave"/>.
    /// </summary>
    public bool ServesOnly(string deviceId)
    {
        _device ??= deviceId;
        _servesMany |= _device != deviceId || !Exclusive;
        return !_servesMany;
    }

    /// <summary>Waits until the source's earlier chunks are queued.</summary>
    public Task EnterAsync(CancellationToken cancellation) => _order.WaitAsync(cancellation);

    public void Leave() => _order.Release();

    /// <summary>The connection ended; its sessions are free for another.</summary>
    public void Close() => _closed = true;

    public void Dispose() => _order.Dispose();
}
