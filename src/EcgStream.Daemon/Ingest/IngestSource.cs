using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Ingest;

/// <summary>Where chunks come from: one gRPC call, one MQTT client, or an external broker (which stands for all of its clients).</summary>
internal sealed class IngestSource(JournalTransport transport, bool exclusive) : IDisposable
{
    private readonly SemaphoreSlim _order = new(1, 1); // its asynchronous waiters enter first come, first served
    private volatile bool _closed;

    public JournalTransport Transport { get; } = transport;

    /// <summary>
    /// Whether two sources may not write one session. False for an external broker: it does not say which client published.
    /// </summary>
    public bool Exclusive { get; } = exclusive;

    public bool Closed => _closed;

    /// <summary>Waits until the source's earlier chunks are queued.</summary>
    public Task EnterAsync(CancellationToken cancellation) => _order.WaitAsync(cancellation);

    public void Leave() => _order.Release();

    /// <summary>The connection ended; its sessions are free for another.</summary>
    public void Close() => _closed = true;

    public void Dispose() => _order.Dispose();
}
