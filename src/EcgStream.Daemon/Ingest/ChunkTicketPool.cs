using System.Collections.Concurrent;

namespace EcgStream.Daemon.Ingest;

/// <summary>Tickets for reuse. It keeps at most <c>capacity</c>; what is out at a time is bounded by the shards' places. Any thread.</summary>
internal sealed class ChunkTicketPool(int capacity, IngestMetrics metrics)
{
    private readonly ConcurrentQueue<ChunkTicket> _free = new();
    private int _kept;

    public ChunkTicket Rent()
    {
        if (_free.TryDequeue(out var ticket))
        {
            Interlocked.Decrement(ref _kept);
            return ticket;
        }

        return new ChunkTicket(this, metrics);
    }

    public void Return(ChunkTicket ticket)
    {
        if (Interlocked.Increment(ref _kept) > capacity)
        {
            Interlocked.Decrement(ref _kept);
            return;
        }

        _free.Enqueue(ticket);
    }
}
