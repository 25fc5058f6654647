using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>The RR intervals of a segment, in samples: the last 32 and a running mean. One thread.</summary>
internal sealed class RrHistory
{
    public const int Capacity = 32;
    private const double Longest = 3 * SampleClock.RateHz;
    private const int LongMemory = 200;

    private readonly double[] _intervals = new double[Capacity];
    private int _next;
    private long _seen;

    public int Count { get; private set; }

    /// <summary>Running mean of some 200 intervals; 0 when there was none.</summary>
    public double LongMean { get; private set; }

    /// <summary>The last interval; 0 when there was none.</summary>
    public double Last => Count == 0 ? 0 : Back(1);

    /// <summary>A gap: no interval spans it, but what is known of the rate stays.</summary>
    public void Clear()
    {
        Count = 0;
        _next = 0;
    }

    public void Add(double interval)
    {
        interval = Math.Min(interval, Longest);
        _intervals[_next] = interval;
        _next = (_next + 1) % Capacity;
        Count = Math.Min(Capacity, Count + 1);
        _seen++;
        LongMean += (interval - LongMean) / Math.Min(_seen, LongMemory);
    }

    /// <summary>Median of the last intervals, the mean of the two middle ones when they are even in number; 0 when there is none.</summary>
    public double Median(int most)
    {
        Span<double> sorted = stackalloc double[Capacity];
        var count = Sort(most, ref sorted);
        return count == 0 ? 0 : count % 2 == 1 ? sorted[count / 2] : (sorted[(count / 2) - 1] + sorted[count / 2]) / 2;
    }

    /// <summary>The interval that four fifths of the kept ones do not exceed; 0 when there is none.</summary>
    public double UpperFifth()
    {
        Span<double> sorted = stackalloc double[Capacity];
        var count = Sort(Capacity, ref sorted);
        return count == 0 ? 0 : sorted[Math.Min(count - 1, count * 4 / 5)];
    }

    /// <summary>Mean absolute logarithm of one interval over the one before, over the last intervals; 0 when there are not two.</summary>
    public double Irregularity(int most)
    {
        var count = Math.Min(most, Count);
        var sum = 0.0;
        for (var back = 1; back < count; back++)
        {
            sum += Math.Abs(Math.Log(Back(back) / Back(back + 1)));
        }

        return count < 2 ? 0 : sum / (count - 1);
    }

    /// <summary>Share of the kept intervals that are shorter.</summary>
    public double Rank(double interval)
    {
        var shorter = 0;
        for (var back = 1; back <= Count; back++)
        {
            shorter += Back(back) < interval ? 1 : 0;
        }

        return Count == 0 ? 0.5 : (double)shorter / Count;
    }

    private int Sort(int most, ref Span<double> sorted)
    {
        var count = Math.Min(most, Count);
        sorted = sorted[..count];
        for (var back = 1; back <= count; back++)
        {
            sorted[back - 1] = Back(back);
        }

        sorted.Sort();
        return count;
    }

    private double Back(int back) => _intervals[(_next - back + Capacity) % Capacity];
}
