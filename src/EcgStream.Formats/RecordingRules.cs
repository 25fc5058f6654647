using System.Collections.Immutable;
using System.Globalization;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>What every recording must fulfil, whatever it was read from.</summary>
internal static class RecordingRules
{
    public static void CheckInfo(RecordingInfo info)
    {
        CheckSampleRate(info.SampleRateHz, info.SourcePath, "sample rate");
        if (info.Leads.IsDefaultOrEmpty)
        {
            throw new RecordingFormatException(RecordingFault.Lead, info.SourcePath, "", "the recording has no lead");
        }

        for (int i = 0; i < info.Leads.Length; i++)
        {
            if (!LeadNames.IsDefined((int)info.Leads[i]))
            {
                throw new RecordingFormatException(RecordingFault.Lead, info.SourcePath, Place(i), $"{(int)info.Leads[i]} is not a lead");
            }

            if (info.Leads.IndexOf(info.Leads[i]) < i)
            {
                throw new RecordingFormatException(RecordingFault.Lead, info.SourcePath, Place(i), $"lead {info.Leads[i].Name()} stands twice");
            }
        }
    }

    public static void CheckSampleRate(double sampleRateHz, string path, string place)
    {
        if (!(sampleRateHz is >= Recording.MinSampleRateHz and <= Recording.MaxSampleRateHz))
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate,
                path,
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sampleRateHz} Hz is outside {Recording.MinSampleRateHz} to {Recording.MaxSampleRateHz} Hz"));
        }
    }

    public static void CheckShape<T>(RecordingInfo info, T[][] samples)
    {
        if (samples.Length != info.Leads.Length)
        {
            throw new RecordingFormatException(
                RecordingFault.Shape, info.SourcePath, "", $"{samples.Length} rows of samples for {info.Leads.Length} leads");
        }

        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i].Length == 0 || samples[i].Length != samples[0].Length)
            {
                throw new RecordingFormatException(
                    RecordingFault.Shape,
                    info.SourcePath,
                    LeadPlace(info, i),
                    $"{samples[i].Length} samples, the first lead has {samples[0].Length}");
            }
        }
    }

    public static void CheckScales(RecordingInfo info, ImmutableArray<LeadScale> scales)
    {
        if (scales.IsDefault || scales.Length != info.Leads.Length)
        {
            throw new RecordingFormatException(
                RecordingFault.Scale, info.SourcePath, "", $"{(scales.IsDefault ? 0 : scales.Length)} scales for {info.Leads.Length} leads");
        }

        for (int i = 0; i < scales.Length; i++)
        {
            double gain = scales[i].GainMicrovoltsPerLsb;
            if (!double.IsFinite(gain) || gain <= 0)
            {
                throw new RecordingFormatException(
                    RecordingFault.Scale,
                    info.SourcePath,
                    LeadPlace(info, i),
                    string.Create(CultureInfo.InvariantCulture, $"a gain of {gain} µV per LSB is not above zero"));
            }
        }
    }

    /// <returns>How many samples are missing.</returns>
    public static long CheckMillivolts(RecordingInfo info, double[][] millivolts, MissingSamplePolicy policy)
    {
        long missing = 0;
        for (int lead = 0; lead < millivolts.Length; lead++)
        {
            double[] row = millivolts[lead];
            for (int i = 0; i < row.Length; i++)
            {
                // Negated so that NaN is caught by the same comparison.
                if (!(Math.Abs(row[i]) <= Recording.MaxMillivolts))
                {
                    missing += policy == MissingSamplePolicy.Keep && double.IsNaN(row[i]) ? 1 : throw Refusal(info, lead, i, row[i]);
                }
            }
        }

        return missing;
    }

    private static RecordingFormatException Refusal(RecordingInfo info, int lead, int sample, double value)
    {
        string problem = double.IsFinite(value)
            ? FormattableString.Invariant($"{value:G6} mV is beyond ±{Recording.MaxMillivolts} mV; --unit uV states another unit, --unit auto finds it")
            : double.IsNaN(value)
                ? "the sample is missing (NaN); --missing keep reads the rest, with the lead off there"
                : "an infinite value is no sample";
        string place = string.Create(CultureInfo.InvariantCulture, $"{LeadPlace(info, lead)}, sample {sample + 1}");
        return new RecordingFormatException(RecordingFault.SampleValue, info.SourcePath, place, problem);
    }

    private static string LeadPlace(RecordingInfo info, int index) => $"lead {info.Leads[index].Name()}";

    private static string Place(int index) => string.Create(CultureInfo.InvariantCulture, $"signal {index}");
}
