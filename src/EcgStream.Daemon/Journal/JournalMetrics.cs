using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Journal;

/// <summary>Instruments of the journal; the totals can also be read, for the monitor service.</summary>
public sealed class JournalMetrics
{
    private readonly Counter<long> _recordCounter;
    private readonly Counter<long> _byteCounter;
    private readonly Counter<long> _failedCounter;
    private readonly Counter<long> _refusedCounter;
    private readonly Histogram<double> _commitDuration;
    private long _records;
    private long _failed;
    private long _refused;

    public JournalMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create("EcgStream");
        _recordCounter = meter.CreateCounter<long>("ecg.journal.records", "{record}", "Chunks committed to the journal");
        _byteCounter = meter.CreateCounter<long>("ecg.journal.bytes", "By", "Bytes committed to the journal");
        _failedCounter = meter.CreateCounter<long>("ecg.journal.failed", "{record}", "Chunks taken by the journal but not committed, so not acknowledged");
        _refusedCounter = meter.CreateCounter<long>("ecg.journal.refused", "{record}", "Appends refused because the queue was full or the journal failed");
        _commitDuration = meter.CreateHistogram(
            "ecg.journal.commit.duration",
            "s",
            "Time to write and flush one group commit",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] });
        Meter = meter;
    }

    /// <summary>Chunks committed since the start.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Chunks that were taken but whose commit failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Appends refused at once.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    internal Meter Meter { get; }

    internal void Committed(int records, long bytes, TimeSpan duration)
    {
        Interlocked.Add(ref _records, records);
        _recordCounter.Add(records);
        _byteCounter.Add(bytes);
        _commitDuration.Record(duration.TotalSeconds);
    }

    internal void CommitFailed(int records)
    {
        Interlocked.Add(ref _failed, records);
        _failedCounter.Add(records);
    }

    internal void AppendRefused(JournalAppendStatus status)
    {
        Interlocked.Increment(ref _refused);
        _refusedCounter.Add(1, new KeyValuePair<string, object?>("reason", status switch
        {
            JournalAppendStatus.Full => "full",
            JournalAppendStatus.Failed => "failed",
            _ => "closed",
        }));
    }
}
