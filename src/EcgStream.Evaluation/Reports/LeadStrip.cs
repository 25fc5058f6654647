using EcgStream.Core.Signals;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Reports;

/// <summary>A stretch of one lead as a plot.</summary>
internal static class LeadStrip
{
    private const int MostPoints = 2000;
    private const int Height = 150;

    /// <param name="recording">Where the lead is.</param>
    /// <param name="lead">Its place.</param>
    /// <param name="first">First sample.</param>
    /// <param name="count">Samples.</param>
    /// <param name="millivolts">How far the plot reaches above and below the stretch's median.</param>
    public static string Draw(Recording recording, int lead, int first, int count, double millivolts)
    {
        var samples = new float[count];
        recording.CopyMillivolts(lead, first, samples.AsSpan());
        float[] sorted = [.. samples.Where(float.IsFinite).Order()];
        double middle = sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
        var step = Math.Max(1, count / MostPoints);
        var begin = first / recording.SampleRateHz;
        return new SvgPlot((begin, begin + (count / recording.SampleRateHz)), (middle - millivolts, middle + millivolts), height: Height)
            .Axes("s", "mV")
            .Series(
                recording.Leads[lead].Name(),
                Enumerable.Range(0, (count + step - 1) / step).Select(i => ((first + (i * step)) / recording.SampleRateHz, float.IsFinite(samples[i * step]) ? samples[i * step] : (double?)null)),
                marks: false)
            .ToString();
    }
}
