namespace EcgStream.Daemon.Telemetry.Exposition;

/// <summary>One set of tags of one instrument. Any thread adds; a reader sees each number whole, the numbers of one histogram within one measurement of one another.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, int buckets, MetricSeries? next)
{
    private readonly long[] _buckets = new long[buckets];
    private double _value;

    public KeyValuePair<string, object?>[] Tags { get; } = tags;

    /// <summary>The next series whose tags have the same hash.</summary>
    public MetricSeries? Next { get; } = next;

    /// <summary>A histogram's sum, the value of anything else.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The round of reading in which an observed instrument last reported it.</summary>
    public int Round { get; private set; }

    public long Bucket(int index) => Interlocked.Read(ref _buckets[index]);

    public void Count(int bucket) => Interlocked.Increment(ref _buckets[bucket]);

    public void Set(double value, int round)
    {
        Volatile.Write(ref _value, value);
        Round = round;
    }

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
}
