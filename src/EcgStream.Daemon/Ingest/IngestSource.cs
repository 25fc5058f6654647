using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Ingest;

/// <summary>Where chunks come from: one gRPC call, one MQTT client, or an external broker (which stands for all of its clients).</summary>
internal sealed class IngestSource(JournalTransport transport, bool exclusive)
{
    private volatile bool _closed;

    public JournalTransport Transport { get; } = transport;

    /// <summary>
    /// Whether two sources may not write one session. False for an external broker: it does not say which client published.
    /// </summary>
    public bool Exclusive { get; } = exclusive;

    public bool Closed => _closed;

    /// <summary>The connection ended; its sessions are free for another.</summary>
    public void Close() => _closed = true;
}
