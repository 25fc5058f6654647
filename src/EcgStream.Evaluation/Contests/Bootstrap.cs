namespace EcgStream.Evaluation.Contests;

/// <summary>
/// Intervals by resampling rows with replacement (Efron's percentile method): 2,000 resamples, the 2.5th and 97.5th percentile with linear interpolation: exact, where a histogram would round them. Every
/// resample has its own generator (SplitMix64) from the seed and its number, so that the intervals do not depend on the threads that draw them.
/// </summary>
internal static class Bootstrap
{
    public const int Resamples = 2000;
    public const double Level = 0.95;
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The figures of one resample.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">Number of the resample, from 0.</param>
    /// <param name="tally">Scratch; cleared first.</param>
    public static ContestFigures Resample(ReadOnlySpan<ScoredAnswer> rows, ulong seed, int number, ContestTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        tally.Clear();
        var state = Mix(seed + Golden) ^ Mix((ulong)number + 1);
        for (var draw = 0; draw < rows.Length; draw++)
        {
            state += Golden;
            tally.Add(in rows[(int)(((Mix(state) >> 32) * (ulong)rows.Length) >> 32)]);
        }

        return tally.Figures;
    }

    /// <summary>The interval of one figure over all resamples.</summary>
    public static (double Low, double High) Interval(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (Quantile(sorted, (1 - Level) / 2), Quantile(sorted, (1 + Level) / 2));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
