using System.Buffers;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Ingest;

/// <summary>
/// One accepted chunk on its way from the socket into the journal and to its shard, with its bytes. Analysis does not wait for the disk, so both
/// have it at a time. Pooled: it goes back when each owner (the gateway with the journal, and the shard) has released it.
/// </summary>
internal sealed class ChunkTicket(ChunkTicketPool pool, IngestMetrics metrics) : IJournalCompletion
{
    private byte[] _bytes = [];
    private int _length;
    private IAckSink? _acks;
    private DeviceEntry? _device;
    private ChunkHeader _header;
    private JournalTransport _transport;
    private int _owners = 1;

    /// <summary>Tells chunks of one number apart.</summary>
    public uint Fingerprint => Crc32C.Compute(0, Payload.Span);

    /// <summary>The chunk as it came, protobuf.</summary>
    public ReadOnlyMemory<byte> Payload => _bytes.AsMemory(0, _length);

    public ref readonly ChunkHeader Header => ref _header;

    public DeviceEntry Device => _device ?? throw new InvalidOperationException("The chunk has no device yet.");

    /// <summary>The daemon's clock when the chunk came in, Unix nanoseconds.</summary>
    public long IngestUnixNs { get; private set; }

    /// <summary>Timestamp at which the chunk came in.</summary>
    public long IngestTimestamp { get; private set; }

    /// <summary>It comes from the journal's tail at start: sessions are rebuilt with it, alarms that were decided are not decided again.</summary>
    public bool Replayed => _acks is null;

    /// <summary>Room for the chunk's bytes; what was there before is gone.</summary>
    public Span<byte> Buffer(int length)
    {
        if (_bytes.Length < length)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        _length = length;
        return _bytes.AsSpan(0, length);
    }

    /// <summary>Says what the bytes are and who hears of the commit; nobody does of a chunk that the journal gave back at start.</summary>
    public void Describe(in ChunkHeader header, DeviceEntry device, JournalTransport transport, long ingestUnixNs, long ingestTimestamp, IAckSink? acks)
    {
        _transport = transport;
        _header = header;
        _device = device;
        _acks = acks;
        IngestUnixNs = ingestUnixNs;
        IngestTimestamp = ingestTimestamp;
    }

    public JournalEntry ToJournalEntry() =>
        new(_header.DeviceId, _transport, IngestUnixNs, _header.DeviceTimeUnixNs, _header.EndUnixNs, Payload);

    /// <summary>One owner more: the shard. By whoever owns it, before it is posted.</summary>
    public void Share() => Interlocked.Increment(ref _owners);

    /// <summary>Called on the journal's thread, in append order.</summary>
    public void OnCommitted(ulong token, JournalPosition position)
    {
        var device = Device;
        var chunk = ChunkIdentity.Of(_header);
        device.MarkJournaled(chunk);
        device.Totals.AddJournaled();
        _acks?.Accepted(chunk);
        Release();
    }

    public void OnFailed(ulong token, JournalException reason)
    {
        var device = Device;
        device.Totals.AddRefused();
        metrics.Refused(_transport, RefusalReason.Storage);
        _acks?.Refused(ChunkIdentity.Of(_header), ChunkRefusals.Storage(_header, reason.Message));
        Release();
    }

    /// <summary>One owner less; the last gives the ticket and its bytes back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) > 0)
        {
            return;
        }

        _acks = null;
        _device = null;
        _owners = 1;
        pool.Return(this);
    }
}
