using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Storage.Sqlite;

/// <summary>Instruments of the store; the totals can also be read, for the monitor service.</summary>
public sealed class StoreMetrics
{
    private static readonly KeyValuePair<string, object?>[] Kinds = [new("kind", "result"), new("kind", "beat"), new("kind", "vitals")];
    private readonly Counter<long> _storedCounter;
    private readonly Counter<long> _duplicateCounter;
    private readonly Counter<long> _droppedCounter;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _commitDuration;
    private readonly long[] _stored = new long[3];
    private readonly long[] _duplicates = new long[3];
    private readonly long[] _dropped = new long[3];

    public StoreMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        Meter = meters.Create("EcgStream");
        _storedCounter = Meter.CreateCounter<long>("ecg.store.stored", "{row}", "Rows stored");
        _duplicateCounter = Meter.CreateCounter<long>("ecg.store.duplicates", "{row}", "Rows that were stored before and changed nothing");
        _droppedCounter = Meter.CreateCounter<long>("ecg.store.dropped", "{row}", "Rows lost because the queue was full or could not be emptied at the end");
        _failures = Meter.CreateCounter<long>("ecg.store.failures", "{transaction}", "Transactions that failed and are tried again");
        _commitDuration = Meter.CreateHistogram(
            "ecg.store.commit.duration",
            "s",
            "Time of one transaction",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });
    }

    public long ResultsStored => Interlocked.Read(ref _stored[(int)StoreRowKind.Result]);

    public long BeatsStored => Interlocked.Read(ref _stored[(int)StoreRowKind.Beat]);

    public long ResultsDuplicate => Interlocked.Read(ref _duplicates[(int)StoreRowKind.Result]);

    public long ResultsDropped => Interlocked.Read(ref _dropped[(int)StoreRowKind.Result]);

    /// <summary>Rows of every kind that were lost.</summary>
    public long Dropped => _dropped.Sum();

    internal Meter Meter { get; }

    internal void Stored(StoreRowKind kind, int rows) => Count(_stored, _storedCounter, kind, rows);

    internal void Duplicate(StoreRowKind kind, int rows) => Count(_duplicates, _duplicateCounter, kind, rows);

    internal void Drop(StoreRowKind kind, int rows) => Count(_dropped, _droppedCounter, kind, rows);

    internal void Failed() => _failures.Add(1);

    internal void Committed(TimeSpan duration) => _commitDuration.Record(duration.TotalSeconds);

    private static void Count(long[] totals, Counter<long> counter, StoreRowKind kind, int rows)
    {
        if (rows > 0)
        {
            Interlocked.Add(ref totals[(int)kind], rows);
            counter.Add(rows, Kinds[(int)kind]);
        }
    }
}
