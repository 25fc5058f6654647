using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>
/// Gives a recording one scale for all its leads, as a sample chunk needs: int16 LSB with a common gain and baseline 0.
/// </summary>
public static class RecordingDigitizer
{
    // A hundredth of a step is above the rounding of floats and of a few decimals, and far below a sample between two steps.
    private const double StepTolerance = 0.01;

    // No converter resolves less; smaller differences are rounding of the numbers in the file.
    private const double FinestMicrovolts = 0.01;

    // The smallest difference in a sparse recording may be several steps.
    private const int MostStepsApart = 4;

    /// <summary>
    /// The coarsest gain of which every sample is a whole multiple, so that nothing is lost; null where there is none that fits int16.
    /// Competition files hold such multiples of an amplifier's step (2.44 µV, 4.88 µV) as floating-point millivolts.
    /// </summary>
    public static double? ExactGainMicrovolts(Recording recording)
    {
        double[] sizes = SortedMicrovolts(recording);
        double apart = double.PositiveInfinity;
        double previous = 0;
        foreach (double size in sizes)
        {
            double difference = size - previous;
            apart = difference >= FinestMicrovolts ? Math.Min(apart, difference) : apart;
            previous = size;
        }

        if (double.IsPositiveInfinity(apart))
        {
            // Silence fits any gain.
            return 1;
        }

        for (int steps = 1; steps <= MostStepsApart; steps++)
        {
            double gain = Fit(sizes, apart / steps);
            if (sizes[^1] / gain <= short.MaxValue + 0.5 && AllAreMultiples(sizes, gain))
            {
                return gain;
            }
        }

        return null;
    }

    /// <summary>
    /// Samples in LSB of <paramref name="gainMicrovoltsPerLsb"/>, rounded to the nearest, at most half a step off. Missing samples stay missing.
    /// </summary>
    /// <exception cref="RecordingFormatException">A sample does not fit int16 at this gain; nothing is clipped.</exception>
    public static Recording ToDigital(Recording recording, double gainMicrovoltsPerLsb)
    {
        ArgumentNullException.ThrowIfNull(recording);
        short[][] samples = new short[recording.LeadCount][];
        double[] row = new double[recording.SampleCount];
        for (int lead = 0; lead < samples.Length; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            samples[lead] = new short[row.Length];
            for (int i = 0; i < row.Length; i++)
            {
                double lsb = Math.Round(row[i] * 1000 / gainMicrovoltsPerLsb);
                samples[lead][i] = double.IsNaN(lsb) ? Recording.MissingSampleLsb
                    : Math.Abs(lsb) <= short.MaxValue ? (short)lsb
                    : throw new RecordingFormatException(
                        RecordingFault.SampleValue,
                        recording.Info.SourcePath,
                        FormattableString.Invariant($"lead {recording.Leads[lead].Name()}, sample {i}"),
                        FormattableString.Invariant($"{row[i]} mV does not fit 16 bits at {gainMicrovoltsPerLsb} µV per LSB"));
            }
        }

        ImmutableArray<LeadScale> scales = [.. Enumerable.Repeat(new LeadScale(gainMicrovoltsPerLsb, 0), samples.Length)];
        string note = FormattableString.Invariant($"samples rounded to {gainMicrovoltsPerLsb} µV per LSB");
        return Recording.FromDigital(recording.Info with { Notes = recording.Info.Notes.Add(note) }, samples, scales);
    }

    /// <summary>The same at the exact gain where there is one, else at the finest of 1, 2, 5, 10 … µV that fits.</summary>
    public static Recording ToDigital(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return ToDigital(recording, ExactGainMicrovolts(recording) ?? FinestRoundGain(recording));
    }

    internal static double FinestRoundGain(Recording recording)
    {
        double largest = 0;
        double[] row = new double[recording.SampleCount];
        for (int lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            foreach (double value in row)
            {
                // Not Math.Max, which a missing sample would turn into NaN.
                largest = Math.Abs(value) * 1000 > largest ? Math.Abs(value) * 1000 : largest;
            }
        }

        for (double decade = 1; ; decade *= 10)
        {
            foreach (double gain in (ReadOnlySpan<double>)[decade, 2 * decade, 5 * decade])
            {
                if (Math.Round(largest / gain) <= short.MaxValue)
                {
                    return gain;
                }
            }
        }
    }

    private static double[] SortedMicrovolts(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        double[] sizes = new double[(long)recording.LeadCount * recording.SampleCount];
        double[] row = new double[recording.SampleCount];
        int count = 0;
        for (int lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            foreach (double value in row)
            {
                if (!double.IsNaN(value))
                {
                    sizes[count++] = Math.Abs(value) * 1000;
                }
            }
        }

        Array.Resize(ref sizes, count);
        Array.Sort(sizes);
        return sizes;
    }

    // Least squares over multiples of the step, from the small ones outwards: each round knows the step well enough to count the
    // multiples of the next.
    private static double Fit(double[] sorted, double step)
    {
        for (double reach = 32; ; reach *= 8)
        {
            double products = 0;
            double squares = 0;
            foreach (double size in sorted)
            {
                if (size > reach * step)
                {
                    break;
                }

                double multiple = Math.Round(size / step);
                products += size * multiple;
                squares += multiple * multiple;
            }

            step = squares > 0 ? products / squares : step;
            if (sorted[^1] <= reach * step)
            {
                // 2.4400000001 is 2.44 that went through single precision.
                double rounded = Math.Round(step, 4);
                return Math.Abs(rounded - step) < 1e-6 * step ? rounded : step;
            }
        }
    }

    private static bool AllAreMultiples(double[] sizes, double gain)
    {
        foreach (double size in sizes)
        {
            double lsb = size / gain;
            if (Math.Abs(lsb - Math.Round(lsb)) > StepTolerance)
            {
                return false;
            }
        }

        return true;
    }
}
