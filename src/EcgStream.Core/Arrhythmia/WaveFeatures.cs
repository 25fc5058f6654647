namespace EcgStream.Core.Arrhythmia;

/// <summary>Shape of one lead over <see cref="WaveMeter.Seconds"/> seconds, 125 Hz, free of its slow part.</summary>
/// <param name="Leakage">
/// What is left when the signal is added to itself half a mean period ago, over what was there (Kuo and Dillman 1978): 0 for a sine, near 1 for QRS complexes on a baseline.
/// </param>
/// <param name="Hertz">Mean frequency, from mean slope over mean height.</param>
/// <param name="Occupancy">Share of the samples over a fifth of the largest deflection of their 3 s: low when complexes stand on a baseline (after Arafat and others, 2011).</param>
/// <param name="Steepness">Steepest slope of each second over the mean slope: high where QRS complexes are.</param>
/// <param name="Evenness">Least mean height of a second over the largest: low where something comes and goes.</param>
/// <param name="PeakToPeak">Mean over the seconds, millivolts.</param>
/// <param name="Periodicity">Largest autocorrelation at a lag of 0.2 to 0.66 s.</param>
/// <param name="PeriodSeconds">That lag.</param>
internal readonly record struct WaveFeatures(
    double Leakage, double Hertz, double Occupancy, double Steepness, double Evenness, double PeakToPeak, double Periodicity, double PeriodSeconds)
{
    private const int Rate = WaveMeter.RateHz;

    /// <summary>Measures; <paramref name="x"/> is changed: what is slower than a second is taken out of it.</summary>
    public static WaveFeatures Of(Span<float> x, Span<float> scratch)
    {
        TakeOutSlow(x, scratch);
        double height = 0, slope = 0;
        for (var i = 1; i < x.Length; i++)
        {
            height += Math.Abs(x[i]);
            slope += Math.Abs(x[i] - x[i - 1]);
        }

        if (slope <= 0)
        {
            return default;
        }

        var period = 2 * Math.PI * height / slope;
        var half = Math.Clamp((int)Math.Round(period / 2), 1, x.Length / 4);
        double left = 0, sum = 0;
        for (var i = half; i < x.Length; i++)
        {
            left += Math.Abs(x[i] + x[i - half]);
            sum += Math.Abs(x[i]) + Math.Abs(x[i - half]);
        }

        var (peakToPeak, steepness, evenness) = Seconds(x, slope / (x.Length - 1));
        var (periodicity, lag) = Period(x);
        return new WaveFeatures(left / sum, Rate / period, Occupied(x), steepness, evenness, peakToPeak, periodicity, lag / (double)Rate);
    }

    // A mean over one second, from cumulative sums, is taken away.
    private static void TakeOutSlow(Span<float> x, Span<float> scratch)
    {
        const int Half = Rate / 2;
        var sums = scratch[..(x.Length + 1)];
        sums[0] = 0;
        for (var i = 0; i < x.Length; i++)
        {
            sums[i + 1] = sums[i] + x[i];
        }

        for (var i = 0; i < x.Length; i++)
        {
            var from = Math.Max(0, i - Half);
            var to = Math.Min(x.Length, i + Half + 1);
            x[i] -= (sums[to] - sums[from]) / (to - from);
        }
    }

    private static double Occupied(ReadOnlySpan<float> x)
    {
        const int Window = 3 * Rate;
        var over = 0;
        var count = 0;
        for (var from = 0; from + Window <= x.Length; from += Rate)
        {
            var piece = x.Slice(from, Window);
            var limit = 0f;
            foreach (var sample in piece)
            {
                limit = Math.Max(limit, Math.Abs(sample));
            }

            limit *= 0.2f;
            foreach (var sample in piece)
            {
                over += Math.Abs(sample) > limit ? 1 : 0;
            }

            count += Window;
        }

        return over / (double)count;
    }

    private static (double PeakToPeak, double Steepness, double Evenness) Seconds(ReadOnlySpan<float> x, double meanSlope)
    {
        double peaks = 0, steepest = 0, least = double.MaxValue, most = 0;
        for (var from = 0; from < x.Length; from += Rate)
        {
            float low = float.MaxValue, high = float.MinValue, steep = 0;
            double height = 0;
            for (var i = from; i < from + Rate; i++)
            {
                low = Math.Min(low, x[i]);
                high = Math.Max(high, x[i]);
                height += Math.Abs(x[i]);
                steep = i > from ? Math.Max(steep, Math.Abs(x[i] - x[i - 1])) : steep;
            }

            peaks += high - low;
            steepest += steep;
            least = Math.Min(least, height);
            most = Math.Max(most, height);
        }

        var seconds = x.Length / Rate;
        return (peaks / seconds, steepest / seconds / meanSlope, most > 0 ? least / most : 0);
    }

    private static (double Value, int Lag) Period(ReadOnlySpan<float> x)
    {
        const int Shortest = Rate / 5;
        const int Longest = Rate * 66 / 100;
        double best = 0;
        var lag = 0;
        double early = Dot(x, x), late = early;
        for (var d = 1; d <= Longest; d++)
        {
            early -= x[^d] * x[^d];
            late -= x[d - 1] * x[d - 1];
            if (d < Shortest)
            {
                continue;
            }

            var value = Dot(x[..^d], x[d..]) / Math.Sqrt(Math.Max(early * late, 1e-12));

            // The shortest of nearly equal lags is the period; its multiples are as alike.
            (best, lag) = value > best + (lag > 0 && d > lag + 4 ? 0.05 : 0) ? (value, d) : (best, lag);
        }

        return (best, lag);
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = System.Numerics.Vector<float>.Zero;
        var width = System.Numerics.Vector<float>.Count;
        var i = 0;
        for (; i + width <= a.Length; i += width)
        {
            sum += new System.Numerics.Vector<float>(a[i..]) * new System.Numerics.Vector<float>(b[i..]);
        }

        var total = System.Numerics.Vector.Sum(sum);
        for (; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }
}
