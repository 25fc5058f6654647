using System.Globalization;

namespace EcgStream.Formats;

/// <summary>
/// Holds the size of a signal against that of hearts. QRS complexes are 0.1 to 10 mV tall at the skin; a signal typically taller or smaller than these bounds is one
/// in another unit, as µV read as mV.
/// </summary>
internal static class AmplitudeCheck
{
    /// <summary>Between the tallest QRS complexes (10 mV) and the smallest as µV (100 "mV").</summary>
    private const double LargestMillivolts = 30;

    /// <summary>Between the smallest QRS complexes (0.1 mV) and the tallest as V (0.01 "mV").</summary>
    private const double SmallestMillivolts = 0.02;

    private const double WindowSeconds = 2;
    private const int MaxWindows = 60;

    /// <summary>
    /// Brings samples to millivolts in place: in the caller's unit, else the file's, else as millivolts. Says which, and where the result is no heart's.
    /// </summary>
    public static void ToMillivolts(
        string path, double[][] rows, double sampleRateHz, PhysicalUnit? stated, PhysicalUnit? own, ICollection<string> notes)
    {
        double typical = Typical(rows, sampleRateHz);
        PhysicalUnit unit = stated switch
        {
            PhysicalUnit.Auto => Find(path, typical, own),
            { } given => given,
            null => own ?? PhysicalUnit.Millivolts,
        };
        notes.Add(stated switch
        {
            PhysicalUnit.Auto => string.Create(CultureInfo.InvariantCulture, $"unit {unit.Symbol()} found by --unit auto: the signal spans {typical:G3} {unit.Symbol()} within 2 s"),
            not null when own is { } other && other != unit => $"unit {unit.Symbol()} as --unit says, instead of the file's {other.Symbol()}",
            not null => $"unit {unit.Symbol()} as --unit says",
            null when own is not null => $"unit {unit.Symbol()} as the file says",
            null => "the file states no unit; mV assumed",
        });
        double factor = unit.MillivoltsPerUnit();
        if (factor != 1)
        {
            foreach (double[] row in rows)
            {
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] *= factor;
                }
            }
        }

        Tell(typical * factor, "the unit is another one; --unit uV states it, --unit auto finds it", notes);
    }

    /// <summary>Says where the millivolts of a digital recording are no heart's.</summary>
    public static void Tell(Recording recording, ICollection<string> notes)
    {
        double[][] rows = new double[recording.LeadCount][];
        int length = (int)Math.Min(recording.SampleCount, WindowSeconds * MaxWindows * recording.SampleRateHz);
        for (int lead = 0; lead < rows.Length; lead++)
        {
            rows[lead] = new double[length];
            recording.CopyMillivolts(lead, 0, rows[lead].AsSpan());
        }

        Tell(Typical(rows, recording.SampleRateHz), "the gain is another one; --gain states it in LSB per mV", notes);
    }

    /// <summary>The median over leads of the median peak-to-peak of 2 s; 0 for silence.</summary>
    internal static double Typical(double[][] rows, double sampleRateHz)
    {
        List<double> leads = [];
        List<double> windows = [];
        foreach (double[] row in rows)
        {
            int length = Math.Min(row.Length, (int)(WindowSeconds * sampleRateHz));
            int step = Math.Max(length, row.Length / MaxWindows);
            windows.Clear();
            for (int start = 0; length > 0 && start + length <= row.Length; start += step)
            {
                double low = double.PositiveInfinity;
                double high = double.NegativeInfinity;
                foreach (double value in row.AsSpan(start, length))
                {
                    low = value < low ? value : low;
                    high = value > high ? value : high;
                }

                windows.Add(high > low ? high - low : 0);
            }

            if (Median(windows) is > 0 and var median)
            {
                leads.Add(median);
            }
        }

        return Median(leads);
    }

    private static PhysicalUnit Find(string path, double typical, PhysicalUnit? own)
    {
        PhysicalUnit[] order = [own ?? PhysicalUnit.Millivolts, PhysicalUnit.Millivolts, PhysicalUnit.Microvolts, PhysicalUnit.Volts];
        foreach (PhysicalUnit unit in order)
        {
            if (typical == 0 || typical * unit.MillivoltsPerUnit() is >= SmallestMillivolts and <= LargestMillivolts)
            {
                return unit;
            }
        }

        throw new RecordingFormatException(
            RecordingFault.Scale, path, "", FormattableString.Invariant($"the signal spans {typical:G3} within 2 s, which is no ECG in mV, µV or V; --gain states LSB per mV"));
    }

    private static void Tell(double typical, string remedy, ICollection<string> notes)
    {
        if (typical is > LargestMillivolts or (> 0 and < SmallestMillivolts))
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"warning: the signal spans {typical:G3} mV within 2 s, {(typical > 1 ? "more" : "less")} than any heart makes: probably {remedy}"));
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[values.Count / 2];
    }
}
