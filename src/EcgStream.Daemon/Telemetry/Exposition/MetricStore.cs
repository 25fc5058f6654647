using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Telemetry.Exposition;

/// <summary>
/// The present state of this daemon's instruments: those of the meter EcgStream that its own factory made, and the runtime's. It counts from
/// <see cref="Start"/> on; measurements do not allocate once their series exists. Bounded by <see cref="MetricFamily.MaxSeries"/> for each instrument.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    private const string OwnMeter = "EcgStream";
    private const string RuntimeMeter = "System.Runtime";
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly IMeterFactory _meters;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _reading = new();
    private int _started;

    /// <param name="meters">Only meters of this factory are followed: several daemons in one process, as in tests, do not count for one another.</param>
    public MetricStore(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = Follow;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
    }

    /// <summary>Begins to count; again it does nothing.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _listener.Start();
        }
    }

    /// <summary>Reads the observed instruments and hands every family, by name, to <paramref name="read"/>. One reader at a time.</summary>
    public void Read(Action<MetricFamily> read)
    {
        lock (_reading)
        {
            foreach (var family in _families.Values)
            {
                family.BeginRound();
            }

            _listener.RecordObservableInstruments();
            foreach (var (_, family) in _families.OrderBy(family => family.Key, StringComparer.Ordinal))
            {
                read(family);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Follow(Instrument instrument, MeterListener listener)
    {
        var meter = instrument.Meter;
        if ((meter.Name == OwnMeter && ReferenceEquals(meter.Scope, _meters)) 
            || (meter.Name == RuntimeMeter && !instrument.Name.EndsWith(".count", StringComparison.Ordinal))) // in Prometheus _count is a histogram's
        {
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, static (_, made) => new MetricFamily(made, KindOf(made), BoundsOf(made)), instrument));
        }
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var kind = instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : null;
        return kind == typeof(Histogram<>) ? MetricKind.Histogram
            : kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };
}
