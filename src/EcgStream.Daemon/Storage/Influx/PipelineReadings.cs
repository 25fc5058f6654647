using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>
/// The daemon's own totals and levels: every instrument of the meter EcgStream, summed over its tags, under the instrument's name with underscores. Of
/// durations and sizes there are the count, the sum, and the 99th percentile of what was measured since the last reading. One reader only.
/// </summary>
internal sealed class PipelineReadings : BaseExporter<Metric>
{
    private const string Prefix = "ecg.";
    private static readonly string[] OfTheRuntime = ["dotnet.process.memory.working_set", "dotnet.process.cpu.time"];
    private readonly Dictionary<string, long[]> _read = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _readings = new(StringComparer.Ordinal);

    public PipelineReadings() => Reader = new BaseExportingMetricReader(this);

    /// <summary>To be added to the meter provider.</summary>
    public MetricReader Reader { get; }

    /// <summary>All readings now, in the order of their names.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Take()
    {
        _readings.Clear();
        Reader.Collect();
        return _readings;
    }

    /// <summary>Called by the meter provider within <see cref="Take"/>.</summary>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            if (!metric.Name.StartsWith(Prefix, StringComparison.Ordinal) && !OfTheRuntime.Contains(metric.Name))
            {
                continue;
            }

            var name = metric.Name.Replace('.', '_');
            if (metric.MetricType == MetricType.Histogram)
            {
                AddHistogram(name, metric);
                continue;
            }

            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                _readings[name] = _readings.GetValueOrDefault(name) + ValueOf(metric.MetricType, point);
            }
        }

        return ExportResult.Success;
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        _ => double.NaN,
    };

    private void AddHistogram(string name, Metric metric)
    {
        var (sum, bounds, buckets) = (0.0, new List<double>(), new List<long>());
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            sum += point.GetHistogramSum();
            var index = 0;
            foreach (var bucket in point.GetHistogramBuckets())
            {
                if (index == buckets.Count)
                {
                    bounds.Add(bucket.ExplicitBound);
                    buckets.Add(0);
                }

                buckets[index++] += bucket.BucketCount;
            }
        }

        _readings[name + "_count"] = buckets.Sum();
        _readings[name + "_sum"] = sum;
        if (Percentile99(name, bounds, [.. buckets]) is { } percentile)
        {
            _readings[name + "_p99"] = percentile;
        }
    }

    /// <summary>
    /// Linear within its bucket, as Prometheus does; beyond the last finite bound that bound. Null when nothing was measured since the last reading.
    /// </summary>
    private double? Percentile99(string name, List<double> bounds, long[] buckets)
    {
        var before = _read.GetValueOrDefault(name) ?? new long[buckets.Length];
        _read[name] = buckets;
        var total = buckets.Sum() - before.Sum();
        if (total <= 0)
        {
            return null;
        }

        var rank = 0.99 * total;
        var seen = 0L;
        for (var i = 0; i < bounds.Count - 1; i++)
        {
            var here = buckets[i] - before[i];
            if (here > 0 && seen + here >= rank)
            {
                var lower = i == 0 ? 0 : bounds[i - 1];
                return lower + ((bounds[i] - lower) * (rank - seen) / here);
            }

            seen += here;
        }

        return bounds.Count > 1 ? bounds[^2] : null;
    }
}
