using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Telemetry.Exposition;

/// <summary>One instrument and its series. Beyond <see cref="MaxSeries"/> sets of tags, further ones are counted together, so a defect in a tag cannot fill the memory.</summary>
internal sealed class MetricFamily
{
    /// <summary>The largest family by design is reason × transport of refusals, below 60.</summary>
    public const int MaxSeries = 256;

    private static readonly KeyValuePair<string, object?>[] OverflowTags = [new("overflow", "true")];
    private readonly ConcurrentDictionary<int, MetricSeries> _series = new();
    private readonly Lock _adding = new();
    private readonly bool _observed;
    private readonly bool _replaces;
    private MetricSeries? _overflow;
    private int _count;
    private int _round;

    public MetricFamily(Instrument instrument, MetricKind kind, double[] bounds)
    {
        (Name, Unit, Description) = (instrument.Name, instrument.Unit ?? "", instrument.Description ?? "");
        (Kind, Bounds, _observed) = (kind, bounds, instrument.IsObservable);
        _replaces = _observed || instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Gauge<>);
    }

    /// <summary>Dotted, as the instrument is called.</summary>
    public string Name { get; }

    public string Unit { get; }

    public string Description { get; }

    public MetricKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets, rising, without the last one, infinity.</summary>
    public double[] Bounds { get; }

    /// <summary>No series means that it is 0 still: nothing was counted. An observed instrument without one has nothing to say.</summary>
    public bool IsZeroWithoutSeries => !_replaces && Kind != MetricKind.Histogram;

    /// <summary>All series; of an observed instrument those that it reported in the last round.</summary>
    public IEnumerable<MetricSeries> Series
    {
        get
        {
            foreach (var head in _series.Values)
            {
                for (var series = head; series is not null; series = series.Next)
                {
                    if (!_observed || series.Round == _round)
                    {
                        yield return series;
                    }
                }
            }

            if (_overflow is { } overflow)
            {
                yield return overflow;
            }
        }
    }

    /// <summary>Starts a round of reading the observed instruments. One reader at a time.</summary>
    public void BeginRound() => _round++;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags);
        if (_replaces)
        {
            series.Set(value, _round);
            return;
        }

        series.Add(value);
        if (Kind == MetricKind.Histogram)
        {
            series.Count(BucketOf(value));
        }
    }

    private int BucketOf(double value)
    {
        var index = 0;
        while (index < Bounds.Length && value > Bounds[index])
        {
            index++;
        }

        return index;
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = TagSet.Hash(tags);
        if (_series.TryGetValue(hash, out var series) && Match(series, tags) is { } known)
        {
            return known;
        }

        lock (_adding)
        {
            _series.TryGetValue(hash, out series);
            if (Match(series, tags) is { } meanwhile)
            {
                return meanwhile;
            }

            var buckets = Kind == MetricKind.Histogram ? Bounds.Length + 1 : 0;
            if (_count >= MaxSeries)
            {
                return _overflow ??= new MetricSeries(OverflowTags, buckets, null);
            }

            _count++;
            return _series[hash] = new MetricSeries(tags.ToArray(), buckets, series);
        }
    }

    private static MetricSeries? Match(MetricSeries? series, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        while (series is not null && !TagSet.Same(tags, series.Tags))
        {
            series = series.Next;
        }

        return series;
    }
}
