using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>
/// Gives a recording one scale for all its leads, as a sample chunk needs: int16 LSB with a common gain and baseline 0.
/// </summary>
public static class RecordingDigitizer
{
    // Competition files hold multiples of an amplifier's step (2.44 µV, 4.88 µV) in doubles or floats; a thousandth of a step is
    // far above their rounding and far below a sample that lies between two steps.
    private const double StepTolerance = 1e-3;

    private const double FinestMicrovolts = 0.01;

    /// <summary>
    /// The coarsest gain of which every sample is a whole multiple, so that nothing is lost; null where there is none that fits int16.
    /// </summary>
    public static double? ExactGainMicrovolts(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        double[] row = new double[recording.SampleCount];
        double step = 0;
        double largest = 0;
        for (int lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            foreach (double value in row)
            {
                double microvolts = Math.Abs(value) * 1000;
                if (!double.IsNaN(microvolts))
                {
                    step = CommonStep(step, microvolts);
                    largest = Math.Max(largest, microvolts);
                }

                if (step is > 0 and < FinestMicrovolts)
                {
                    return null;
                }
            }
        }

        // Samples that are all zero fit any gain.
        double gain = step == 0 ? 1 : Polish(step);
        return Math.Round(largest / gain) <= short.MaxValue && AllAreMultiples(recording, gain, row) ? gain : null;
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

    private static bool AllAreMultiples(Recording recording, double gain, double[] row)
    {
        for (int lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            foreach (double value in row)
            {
                double lsb = value * 1000 / gain;
                if (Math.Abs(lsb - Math.Round(lsb)) > StepTolerance)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static double FinestRoundGain(Recording recording)
    {
        double largest = 0;
        double[] row = new double[recording.SampleCount];
        for (int lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            foreach (double value in row)
            {
                largest = Math.Max(largest, double.IsNaN(value) ? 0 : Math.Abs(value) * 1000);
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

    // Euclid on real numbers: a rest within the tolerance counts as none.
    private static double CommonStep(double a, double b)
    {
        if (a == 0 || b == 0)
        {
            return a + b;
        }

        double ratio = b / a;
        if (Math.Abs(ratio - Math.Round(ratio)) <= StepTolerance && ratio >= 0.5)
        {
            return a;
        }

        (double large, double small) = a > b ? (a, b) : (b, a);
        double nothing = StepTolerance * Math.Min(small, 1);
        while (small > nothing)
        {
            (large, small) = (small, Math.Abs(Math.IEEERemainder(large, small)));
        }

        return large;
    }

    // 2.4400000000000004 is 2.44 written in steps of binary fractions.
    private static double Polish(double step)
    {
        double rounded = Math.Round(step, 6);
        return Math.Abs(rounded - step) < 1e-9 ? rounded : step;
    }
}
