namespace EcgStream.Core.Beats;

/// <summary>Small sums over pieces of a beat, in float64.</summary>
internal static class FrameMath
{
    /// <summary>Pearson's correlation; 0 when one of the two does not move.</summary>
    public static double Correlation(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double both = 0, squaresFirst = 0, squaresSecond = 0;
        Accumulate(first, second, ref both, ref squaresFirst, ref squaresSecond);
        return Correlation(both, squaresFirst, squaresSecond);
    }

    /// <summary>Adds a pair of pieces, the mean of each taken out, to the sums of a correlation over several pairs.</summary>
    public static void Accumulate(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ref double both, ref double squaresFirst, ref double squaresSecond)
    {
        double sumFirst = 0, sumSecond = 0;
        for (var index = 0; index < first.Length; index++)
        {
            sumFirst += first[index];
            sumSecond += second[index];
        }

        var meanFirst = sumFirst / first.Length;
        var meanSecond = sumSecond / second.Length;
        for (var index = 0; index < first.Length; index++)
        {
            var a = first[index] - meanFirst;
            var b = second[index] - meanSecond;
            both += a * b;
            squaresFirst += a * a;
            squaresSecond += b * b;
        }
    }

    public static double Correlation(double both, double squaresFirst, double squaresSecond)
    {
        var scale = Math.Sqrt(squaresFirst * squaresSecond);
        return scale > 1e-12 ? both / scale : 0;
    }

    /// <summary>Highest minus lowest.</summary>
    public static double Range(ReadOnlySpan<float> samples)
    {
        float low = samples[0], high = samples[0];
        foreach (var sample in samples)
        {
            low = Math.Min(low, sample);
            high = Math.Max(high, sample);
        }

        return high - low;
    }

    /// <summary>Root mean square of the difference, the means taken out.</summary>
    public static double Difference(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var mean = 0.0;
        for (var index = 0; index < first.Length; index++)
        {
            mean += first[index] - second[index];
        }

        mean /= first.Length;
        var squares = 0.0;
        for (var index = 0; index < first.Length; index++)
        {
            var difference = first[index] - second[index] - mean;
            squares += difference * difference;
        }

        return Math.Sqrt(squares / first.Length);
    }
}
