namespace EcgStream.Core.Beats;

/// <summary>
/// What a stretch of RR intervals looks like, in numbers that do not depend on the rate but for the last: what <see cref="RrScore"/> tells atrial fibrillation by.
/// <c>src/training/fibrillation/statistics.py</c> measures the same; golden vectors hold the two together.
/// </summary>
internal static class RrStatistics
{
    /// <summary>Most intervals that are looked at.</summary>
    public const int Intervals = 32;

    /// <summary>Fewer say too little.</summary>
    public const int Least = 12;

    /// <summary>Numbers that <see cref="Measure"/> gives.</summary>
    public const int Count = 14;

    // All relative to the median interval.
    private const double Floor = 0.01; // what a detector's jitter makes of a steady rhythm
    private const double Large = 0.1;
    private const double Small = 0.03;
    private const double Alike = 0.08;
    private const double MostChange = 0.5;
    private const double MostOff = 0.3;
    private const double StandardMilliseconds = 800;

    /// <param name="milliseconds">Newest first, <see cref="Least"/> to <see cref="Intervals"/> of them, above 0.</param>
    /// <param name="statistics">Gets <see cref="Count"/> numbers.</param>
    public static void Measure(ReadOnlySpan<float> milliseconds, Span<double> statistics)
    {
        var n = milliseconds.Length;
        Span<double> sorted = stackalloc double[n];
        Span<double> u = stackalloc double[n];
        Span<double> change = stackalloc double[n];
        for (var i = 0; i < n; i++)
        {
            sorted[i] = milliseconds[i];
        }

        sorted.Sort();
        var median = Middle(sorted);
        for (var i = 0; i < n; i++)
        {
            u[i] = milliseconds[i] / median;
            sorted[i] /= median;
        }

        var least = Math.Min(Changes(u, 3, change), Changes(u, 2, change));
        var middle = Changes(u, 1, change); // the last, so that `change` holds the steps from one interval to the next
        change = change[..(n - 1)];
        least = Math.Min(least, middle);
        double squares = 0, large = 0, small = 0;
        foreach (var step in change)
        {
            squares += Math.Min(step, MostChange) * Math.Min(step, MostChange);
            large += step > Large ? 1 : 0;
            small += step < Small ? 1 : 0;
        }

        var (near, nearTwice) = Pairs(u);
        var (correlation1, correlation2) = Correlations(u);
        var upper = sorted[n * 9 / 10] - 1;
        var lower = 1 - sorted[n / 10];
        statistics[0] = Math.Log(least + Floor);
        statistics[1] = Math.Log(middle + Floor);
        statistics[2] = Math.Log(Math.Sqrt(squares / (n - 1)) + Floor);
        statistics[3] = Math.Log(change[(n - 1) * 3 / 4] + Floor);
        statistics[4] = Math.Log(sorted[n * 3 / 4] - sorted[n / 4] + Floor);
        statistics[5] = large / (n - 1);
        statistics[6] = small / (n - 1);
        statistics[7] = -Math.Log((nearTwice + 1.0) / (near + 1.0));
        statistics[8] = Math.Log((near + 1.0) / ((n * (n - 1) / 2) + 1.0));
        statistics[9] = TurningPoints(u) / (n - 2.0);
        statistics[10] = correlation1;
        statistics[11] = correlation2;
        statistics[12] = (upper - lower) / (upper + lower + 0.02);
        statistics[13] = Math.Log(median / StandardMilliseconds);
    }

    /// <summary>Median change from one interval to the one so many after; leaves the changes in order.</summary>
    private static double Changes(ReadOnlySpan<double> u, int lag, Span<double> changes)
    {
        var count = u.Length - lag;
        for (var i = 0; i < count; i++)
        {
            changes[i] = Math.Abs(u[i] - u[i + lag]);
        }

        changes[..count].Sort();
        return Middle(changes[..count]);
    }

    // How many pairs are alike, and of how many the next ones are alike, too: sample entropy, and how far the intervals lie apart (Lake and Moorman, 2011).
    private static (int Near, int NearTwice) Pairs(ReadOnlySpan<double> u)
    {
        int near = 0, nearTwice = 0;
        for (var lag = 1; lag < u.Length; lag++)
        {
            var before = false;
            for (var i = lag; i < u.Length; i++)
            {
                var alike = Math.Abs(u[i] - u[i - lag]) < Alike;
                near += alike ? 1 : 0;
                nearTwice += alike && before ? 1 : 0;
                before = alike;
            }
        }

        return (near, nearTwice);
    }

    private static (double Lag1, double Lag2) Correlations(ReadOnlySpan<double> u)
    {
        double power = 0, lag1 = 0, lag2 = 0, one = 0, two = 0;
        foreach (var value in u)
        {
            var off = Math.Clamp(value - 1, -MostOff, MostOff);
            power += off * off;
            lag1 += off * one;
            lag2 += off * two;
            (one, two) = (off, one);
        }

        power += 1e-4 * u.Length;
        return (lag1 / power, lag2 / power);
    }

    private static int TurningPoints(ReadOnlySpan<double> u)
    {
        var count = 0;
        for (var i = 1; i < u.Length - 1; i++)
        {
            count += (u[i] - u[i - 1]) * (u[i] - u[i + 1]) > 0 ? 1 : 0;
        }

        return count;
    }

    private static double Middle(ReadOnlySpan<double> sorted)
    {
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
