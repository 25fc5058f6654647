using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// How far the last RR intervals between two beats of the patient's dominant shape keep an order, which they lose in atrial fibrillation and there alone: ventricular beats
/// and their pauses are no such intervals, bigeminy and trigeminy repeat themselves, and where atrial ectopic beats come at random the intervals
/// are still of two kinds with little spread in each. One thread.
/// </summary>
internal sealed class CalmIntervals
{
    public const int Capacity = 32;

    /// <summary>Fewer say nothing yet.</summary>
    public const int Least = 10;

    private const double Longest = 3 * SampleClock.RateHz;
    private const int Lags = 3;
    private const int SpreadShare = 8;
    private const int LeastReach = 2;

    // Where half of the order is lost, and how fast. Sinus rhythm is mostly under 0.065 and 0.04, fibrillation over 0.1 and 0.06.
    private const double IrregularityHalf = 0.085;
    private const double IrregularitySlope = 0.02;
    private const double SpreadHalf = 0.05;
    private const double SpreadSlope = 0.01;

    private readonly double[] _intervals = new double[Capacity];
    private int _next;
    private int _count;

    /// <summary>The median change from an interval to the next, the next but one or the one after that, whichever is least, over the median interval; 0 = not known.</summary>
    public double Irregularity { get; private set; }

    /// <summary>In order of length, the median distance over an eighth of the intervals, over the median interval; 0 = not known.</summary>
    public double Spread { get; private set; }

    /// <summary>1 = an order, also while nothing is known; near 0 when both measures say there is none.</summary>
    public double Order { get; private set; } = 1;

    /// <param name="interval">Samples; one on the other side of a gap may follow.</param>
    public void Add(double interval)
    {
        _intervals[_next] = Math.Min(interval, Longest);
        _next = (_next + 1) % Capacity;
        _count = Math.Min(Capacity, _count + 1);
        if (_count >= Least)
        {
            Measure();
        }
    }

    private void Measure()
    {
        Span<double> series = stackalloc double[Capacity];
        Span<double> work = stackalloc double[Capacity];
        series = series[.._count];
        for (var index = 0; index < _count; index++)
        {
            series[index] = _intervals[(_next - _count + index + Capacity) % Capacity];
        }

        var least = double.MaxValue;
        for (var lag = 1; lag <= Lags; lag++)
        {
            for (var index = lag; index < _count; index++)
            {
                work[index - lag] = Math.Abs(series[index] - series[index - lag]);
            }

            least = Math.Min(least, Median(work[..(_count - lag)]));
        }

        var median = Median(series); // in order of length from here on
        var reach = Math.Max(LeastReach, _count / SpreadShare);
        for (var index = reach; index < _count; index++)
        {
            work[index - reach] = series[index] - series[index - reach];
        }

        Irregularity = least / median;
        Spread = Median(work[..(_count - reach)]) / median;
        Order = 1 - (Share(Irregularity, IrregularityHalf, IrregularitySlope) * Share(Spread, SpreadHalf, SpreadSlope));
    }

    private static double Share(double value, double half, double slope) => 1 / (1 + Math.Exp((half - value) / slope));

    private static double Median(Span<double> values)
    {
        values.Sort();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
