namespace EcgStream.Core.Beats;

/// <summary>
/// How irregular the last RR intervals are: the median change from one interval to the next over the median interval, the least of that for the interval
/// before, two before and three before. So bigeminy and trigeminy, which repeat themselves, are regular, and a few premature beats do not count. Sinus rhythm is
/// under 0.05, atrial fibrillation mostly 0.1 to 0.3. Constant memory, one thread.
/// </summary>
internal sealed class RrIrregularity
{
    /// <summary>Intervals that are looked at.</summary>
    public const int Intervals = 24;

    /// <summary>Fewer say nothing yet.</summary>
    public const int Least = 10;

    private const int Lags = 3;

    private readonly float[] _intervals = new float[Intervals];
    private int _count;

    /// <summary>Device clock of the newest beat.</summary>
    public long NewestUnixNs { get; private set; }

    /// <summary>Null while too few intervals are known.</summary>
    public double? Value { get; private set; }

    /// <summary>Number of intervals that <see cref="Value"/> rests on.</summary>
    public int Count => _count;

    public void Reset() => (_count, Value) = (0, null);

    public void Add(in Beat beat)
    {
        NewestUnixNs = beat.TimeUnixNs;
        if (beat.RrMilliseconds is not { } interval)
        {
            return; // the intervals on both sides of a gap are good
        }

        _intervals.AsSpan(0, Intervals - 1).CopyTo(_intervals.AsSpan(1));
        _intervals[0] = interval;
        _count = Math.Min(Intervals, _count + 1);
        Value = _count < Least ? null : Measure();
    }

    private double Measure()
    {
        Span<float> work = stackalloc float[Intervals];
        _intervals.AsSpan(0, _count).CopyTo(work);
        var median = Median(work[.._count]);
        var least = double.MaxValue;
        for (var lag = 1; lag <= Lags; lag++)
        {
            var count = _count - lag;
            for (var i = 0; i < count; i++)
            {
                work[i] = Math.Abs(_intervals[i] - _intervals[i + lag]);
            }

            least = Math.Min(least, Median(work[..count]));
        }

        return median > 0 ? least / median : 0;
    }

    private static double Median(Span<float> values)
    {
        values.Sort();
        var half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2.0;
    }
}
