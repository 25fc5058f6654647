namespace EcgStream.Core.Beats;

/// <summary>
/// What the last RR intervals say of the rhythm. <see cref="Value"/> is how irregular they are: the median change from one interval to the next over the median interval, the
/// least of that for the interval before, two before and three before. So bigeminy and trigeminy, which repeat themselves, are regular, and a few premature beats do not count.
/// Sinus rhythm is under 0.05, atrial fibrillation mostly 0.1 to 0.3. <see cref="LogOdds"/> is what a score that was learned on long recordings says of atrial
/// fibrillation (<see cref="RrScore"/>). Constant memory, one thread.
/// </summary>
internal sealed class RrIrregularity
{
    /// <summary>Intervals that <see cref="Value"/> rests on; <see cref="LogOdds"/> looks at <see cref="RrStatistics.Intervals"/>.</summary>
    public const int Intervals = 24;

    /// <summary>Fewer say nothing yet.</summary>
    public const int Least = 10;

    private const int Lags = 3;

    // The log-odds of one stretch are held within this, so that none weighs more than the rhythm around it. `src/training/fibrillation/rule.py` has the same two and tells what they do.
    private const double MostLogOdds = 4;
    private const double SmoothingBeats = 48;

    private readonly float[] _intervals = new float[RrStatistics.Intervals];
    private int _count;

    /// <summary>Device clock of the newest beat.</summary>
    public long NewestUnixNs { get; private set; }

    /// <summary>Null while too few intervals are known.</summary>
    public double? Value { get; private set; }

    /// <summary>Number of intervals that <see cref="Value"/> rests on.</summary>
    public int Count => Math.Min(Intervals, _count);

    /// <summary>Log-odds of atrial fibrillation by the last intervals alone; null while there are fewer than <see cref="RrStatistics.Least"/>.</summary>
    public double? LogOdds { get; private set; }

    /// <summary>Mean of <see cref="LogOdds"/> over the last beats, the newest weighing most: what a rule decides by where it has nothing else.</summary>
    public double? SmoothLogOdds { get; private set; }

    /// <summary><see cref="SmoothLogOdds"/> rests on as many intervals as the score looks at.</summary>
    public bool IsFull => _count == RrStatistics.Intervals;

    /// <summary>How long the intervals that are looked at took: half of them, and half of what is smoothed, lie behind a change of rhythm that shows now.</summary>
    public long SpanNs
    {
        get
        {
            var milliseconds = 0.0;
            foreach (var interval in _intervals.AsSpan(0, _count))
            {
                milliseconds += interval;
            }

            return (long)(milliseconds * 1e6);
        }
    }

    public void Reset() => (_count, Value, LogOdds, SmoothLogOdds) = (0, null, null, null);

    public void Add(in Beat beat)
    {
        NewestUnixNs = beat.TimeUnixNs;
        if (beat.RrMilliseconds is not { } interval)
        {
            return; // the intervals on both sides of a gap are good
        }

        _intervals.AsSpan(0, _intervals.Length - 1).CopyTo(_intervals.AsSpan(1));
        _intervals[0] = interval;
        _count = Math.Min(_intervals.Length, _count + 1);
        Value = _count < Least ? null : Measure();
        if (_count < RrStatistics.Least)
        {
            return;
        }

        Span<double> statistics = stackalloc double[RrStatistics.Count];
        RrStatistics.Measure(_intervals.AsSpan(0, _count), statistics);
        var logOdds = RrScore.LogOdds(statistics);
        LogOdds = logOdds;
        logOdds = Math.Clamp(logOdds, -MostLogOdds, MostLogOdds);
        SmoothLogOdds = SmoothLogOdds is { } before ? before + ((logOdds - before) / SmoothingBeats) : logOdds;
    }

    private double Measure()
    {
        Span<float> work = stackalloc float[Intervals];
        var known = Count;
        _intervals.AsSpan(0, known).CopyTo(work);
        var median = Median(work[..known]);
        var least = double.MaxValue;
        for (var lag = 1; lag <= Lags; lag++)
        {
            var count = known - lag;
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
