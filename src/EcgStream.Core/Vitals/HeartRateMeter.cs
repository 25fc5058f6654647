namespace EcgStream.Core.Vitals;

/// <summary>
/// Heart rate as bedside monitors average it: 60 s over the mean of the last 8 RR intervals, or of the last 4 when those are longer than 1.2 s on average,
/// i.e. the rate is under 50. Not known before 2 intervals, and not any more when no beat came for 4 s. Times are those of one clock that nobody sets. One thread.
/// </summary>
public sealed class HeartRateMeter
{
    private const int Most = 8;
    private const int WhenSlow = 4;
    private const int Least = 2;
    private const double SlowMilliseconds = 1200;
    private const long SilentNs = 4_000_000_000;

    private readonly double[] _intervals = new double[Most];
    private int _next;
    private int _count;
    private long _lastBeatNs;

    public void Reset()
    {
        _count = 0;
        _next = 0;
    }

    /// <summary>Adds a beat; an interval of null is one that a gap hides, and starts the averaging anew only where the rate was not known any more.</summary>
    public void Add(long beatNs, double? rrMilliseconds)
    {
        if (rrMilliseconds is null && beatNs - _lastBeatNs > SilentNs)
        {
            Reset();
        }

        _lastBeatNs = beatNs;
        if (rrMilliseconds is not { } interval)
        {
            return;
        }

        _intervals[_next] = interval;
        _next = (_next + 1) % Most;
        _count = Math.Min(Most, _count + 1);
    }

    /// <summary>Beats per minute at a time.</summary>
    public float? At(long timeNs)
    {
        if (_count < Least || timeNs - _lastBeatNs > SilentNs)
        {
            return null;
        }

        var few = Mean(Math.Min(_count, WhenSlow));
        return (float)(60_000 / (few > SlowMilliseconds ? few : Mean(_count)));
    }

    private double Mean(int count)
    {
        var sum = 0.0;
        for (var back = 1; back <= count; back++)
        {
            sum += _intervals[(_next - back + Most) % Most];
        }

        return sum / count;
    }
}
