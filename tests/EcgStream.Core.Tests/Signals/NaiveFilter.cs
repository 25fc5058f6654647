using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Signals;

/// <summary>The monitoring band as a plain loop over one lead, direct form I: another structure than the product's, the same transfer function.</summary>
internal static class NaiveFilter
{
    public static double[] Run(double[] signal)
    {
        var output = signal;
        foreach (var section in MonitoringBand.Sections)
        {
            // Before the first sample everything stood still.
            double x1 = output[0], x2 = output[0];
            double y1 = section.DcGain * output[0], y2 = y1;
            var next = new double[output.Length];
            for (var n = 0; n < output.Length; n++)
            {
                next[n] = (section.B0 * output[n]) + (section.B1 * x1) + (section.B2 * x2) - (section.A1 * y1) - (section.A2 * y2);
                (x2, x1) = (x1, output[n]);
                (y2, y1) = (y1, next[n]);
            }

            output = next;
        }

        return output;
    }
}
