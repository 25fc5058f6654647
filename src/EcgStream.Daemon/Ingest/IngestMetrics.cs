using System.Diagnostics.Metrics;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Ingest;

/// <summary>Chunks by what became of them.</summary>
internal sealed class IngestMetrics
{
    private readonly Counter<long> _chunks;
    private readonly Counter<long> _refused;
    private long _acceptedTotal;
    private long _duplicateTotal;
    private readonly long[] _refusedTotals = new long[Enum.GetValues<RefusalReason>().Length];

    public IngestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("EcgStream");
        _chunks = meter.CreateCounter<long>("ecg.ingest.chunks", "{chunk}", "Chunks by outcome: accepted (queued for the journal) or duplicate");
        _refused = meter.CreateCounter<long>("ecg.ingest.refused", "{chunk}", "Chunks refused, by reason");
    }

    public long AcceptedTotal => Interlocked.Read(ref _acceptedTotal);

    public long DuplicateTotal => Interlocked.Read(ref _duplicateTotal);

    public long RefusedTotal(RefusalReason reason) => Interlocked.Read(ref _refusedTotals[(int)reason]);

    public void Accepted(JournalTransport transport)
    {
        Interlocked.Increment(ref _acceptedTotal);
        if (_chunks.Enabled)
        {
            _chunks.Add(1, new("outcome", "accepted"), new("transport", Name(transport)));
        }
    }

    public void Duplicate(JournalTransport transport)
    {
        Interlocked.Increment(ref _duplicateTotal);
        if (_chunks.Enabled)
        {
            _chunks.Add(1, new("outcome", "duplicate"), new("transport", Name(transport)));
        }
    }

    public void Refused(JournalTransport transport, RefusalReason reason)
    {
        Interlocked.Increment(ref _refusedTotals[(int)reason]);
        if (_refused.Enabled)
        {
            _refused.Add(1, new("reason", reason.ToString()), new("transport", Name(transport)));
        }
    }

    private static string Name(JournalTransport transport) => transport == JournalTransport.Mqtt ? "mqtt" : "grpc";
}
