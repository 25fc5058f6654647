using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>
/// The daemon's own totals and levels: every counter and gauge of the meter EcgStream, summed over its tags, under the instrument's name with
/// underscores. Counting starts with <see cref="Start"/>; durations are not among them.
/// </summary>
internal sealed class PipelineReadings : IDisposable
{
    private const string MeterName = "EcgStream";
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    public PipelineReadings()
    {
        _listener.InstrumentPublished = Follow;
        _listener.SetMeasurementEventCallback<long>(static (_, value, _, state) => (state as Reading)?.Add(value));
        _listener.SetMeasurementEventCallback<int>(static (_, value, _, state) => (state as Reading)?.Add(value));
        _listener.SetMeasurementEventCallback<double>(static (_, value, _, state) => (state as Reading)?.Add(value));
    }

    public void Start() => _listener.Start();

    /// <summary>All readings now, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Take()
    {
        foreach (var reading in _readings.Values)
        {
            reading.Renew();
        }

        _listener.RecordObservableInstruments();
        return [.. _readings.OrderBy(reading => reading.Key, StringComparer.Ordinal).Select(reading => KeyValuePair.Create(reading.Key, reading.Value.Value))];
    }

    public void Dispose() => _listener.Dispose();

    private void Follow(Instrument instrument, MeterListener listener)
    {
        var kind = instrument.GetType();
        if (instrument.Meter.Name != MeterName || !kind.IsGenericType || kind.GetGenericTypeDefinition() == typeof(Histogram<>))
        {
            return;
        }

        var name = instrument.Name.Replace('.', '_');
        listener.EnableMeasurementEvents(instrument, _readings.GetOrAdd(name, static (_, observed) => new Reading(observed), instrument.IsObservable));
    }

    /// <summary>Observed instruments report their whole value anew each time; the others report changes.</summary>
    private sealed class Reading(bool observed)
    {
        private double _value;

        public double Value => Volatile.Read(ref _value);

        public void Add(double change)
        {
            var seen = Volatile.Read(ref _value);
            while (true)
            {
                var before = Interlocked.CompareExchange(ref _value, seen + change, seen);
                if (before.Equals(seen))
                {
                    return;
                }

                seen = before;
            }
        }

        public void Renew()
        {
            if (observed)
            {
                Volatile.Write(ref _value, 0);
            }
        }
    }
}
