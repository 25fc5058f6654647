using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.NoiseStress;

/// <summary>
/// Amplitudes as the noise stress procedure takes them (sigamp of WFDB): of an ECG the mean peak-to-peak amplitude within 50 ms of its non-ventricular beats, of noise the mean
/// of its root mean squares per second; each over the first 300, without the largest and the smallest twentieth. In LSB.
/// </summary>
internal static class Amplitudes
{
    private const int Most = 300;
    private const int TrimShare = 20;
    private const double ReachSeconds = 0.05;

    /// <summary>Peak-to-peak QRS amplitude of one signal.</summary>
    public static double Qrs(ReadOnlySpan<short> signal, IReadOnlyList<WfdbAnnotation> annotations, double sampleRateHz)
    {
        var reach = (int)((ReachSeconds * sampleRateHz) + 0.5);
        var values = new List<double>();
        foreach (var annotation in annotations)
        {
            var from = annotation.SampleIndex - reach;
            if (values.Count == Most || from + (2 * reach) >= signal.Length)
            {
                break;
            }

            if (annotation.IsBeat && IsConducted(annotation.Code) && from >= 0)
            {
                var window = signal.Slice((int)from, (2 * reach) + 1);
                int low = short.MaxValue, high = short.MinValue;
                foreach (var sample in window)
                {
                    low = Math.Min(low, sample);
                    high = Math.Max(high, sample);
                }

                values.Add(high - low);
            }
        }

        return TrimmedMean(values);
    }

    /// <summary>Root mean square of one noise signal around its mean of each second.</summary>
    public static double Noise(ReadOnlySpan<short> signal, double sampleRateHz)
    {
        var second = (int)(sampleRateHz + 0.5);
        var values = new List<double>();
        for (var start = 0; start + second <= signal.Length && values.Count < Most; start += second)
        {
            var window = signal.Slice(start, second);
            double mean = 0, squares = 0;
            foreach (var sample in window)
            {
                mean += sample;
            }

            mean /= second;
            foreach (var sample in window)
            {
                squares += (sample - mean) * (sample - mean);
            }

            values.Add(Math.Sqrt(squares / second));
        }

        return TrimmedMean(values);
    }

    internal static double TrimmedMean(List<double> values)
    {
        if (values.Count == 0)
        {
            return 0;
        }

        values.Sort();
        var trim = values.Count / TrimShare;
        return values.Skip(trim).Take(values.Count - (2 * trim)).Average();
    }

    private static bool IsConducted(WfdbAnnotationCode code) => code is not
        (WfdbAnnotationCode.VentricularPremature or WfdbAnnotationCode.VentricularEscape or WfdbAnnotationCode.ROnT or WfdbAnnotationCode.VentricularFusion or WfdbAnnotationCode.Learning);
}
