using EcgStream.Daemon.Telemetry.Exposition;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>
/// The daemon's own totals and levels: every instrument of the meter EcgStream, summed over its tags, under the instrument's name with underscores. Of
/// durations and sizes there are the count, the sum, and the 99th percentile of what was measured since the last reading. One reader only.
/// </summary>
internal sealed class PipelineReadings(MetricStore store)
{
    private const string Prefix = "ecg.";
    private static readonly string[] OfTheRuntime = ["dotnet.process.memory.working_set", "dotnet.process.cpu.time"];
    private readonly Dictionary<string, long[]> _read = new(StringComparer.Ordinal);

    /// <summary>All readings now, in the order of their names.</summary>
    public IReadOnlyCollection<KeyValuePair<string, double>> Take()
    {
        var readings = new List<KeyValuePair<string, double>>();
        store.Read(family =>
        {
            if (family.Name.StartsWith(Prefix, StringComparison.Ordinal) || OfTheRuntime.Contains(family.Name))
            {
                Add(readings, family);
            }
        });
        return readings;
    }

    private void Add(List<KeyValuePair<string, double>> readings, MetricFamily family)
    {
        var name = family.Name.Replace('.', '_');
        var (value, any) = (0.0, false);
        foreach (var series in family.Series)
        {
            value += series.Value;
            any = true;
        }

        if (!any && family.Kind != MetricKind.Histogram && !family.IsZeroWithoutSeries)
        {
            return;
        }

        if (family.Kind != MetricKind.Histogram)
        {
            readings.Add(new(name, value));
            return;
        }

        var buckets = new long[family.Bounds.Length + 1];
        foreach (var series in family.Series)
        {
            for (var i = 0; i < buckets.Length; i++)
            {
                buckets[i] += series.Bucket(i);
            }
        }

        readings.Add(new(name + "_count", buckets.Sum()));
        if (Percentile99(family.Name, family.Bounds, buckets) is { } percentile)
        {
            readings.Add(new(name + "_p99", percentile));
        }

        readings.Add(new(name + "_sum", value));
    }

    /// <summary>Linear within its bucket, as Prometheus does; beyond the last bound that bound. Null when nothing was measured since the last reading.</summary>
    private double? Percentile99(string name, double[] bounds, long[] buckets)
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
        for (var i = 0; i < bounds.Length; i++)
        {
            var here = buckets[i] - before[i];
            if (here > 0 && seen + here >= rank)
            {
                var lower = i == 0 ? 0 : bounds[i - 1];
                return lower + ((bounds[i] - lower) * (rank - seen) / here);
            }

            seen += here;
        }

        return bounds.Length > 0 ? bounds[^1] : null;
    }
}
