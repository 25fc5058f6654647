using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.NoiseStress;

/// <summary>
/// Adds calibrated noise to a clean record as nst of WFDB does. Noise signal i goes to ECG signal i at a gain that puts the ratio of the QRS complexes' power (an eighth of
/// the squared peak-to-peak amplitude, as of a sine) to the noise's power at the wanted dB; where the gain changes, an offset keeps the signal without a step.
/// </summary>
internal static class NoiseMixer
{
    // Amplitude of a sine's root mean square by its peak-to-peak value.
    private static readonly double RmsOfPeakToPeak = Math.Sqrt(2) / 4;

    /// <summary>Gain of each ECG signal's noise.</summary>
    public static double[] Gains(Recording clean, WfdbRecord noise, double decibels)
    {
        var annotations = clean.Info.Annotations ?? throw clean.Info.AnnotationDamage ?? new RecordingFormatException(RecordingFault.Ambiguous, clean.Info.SourcePath, "", "has no reference annotations");
        var gains = new double[clean.LeadCount];
        for (var lead = 0; lead < gains.Length; lead++)
        {
            var amplitude = Amplitudes.Qrs(clean.Digital(lead), annotations, clean.SampleRateHz);
            var rms = Amplitudes.Noise(noise.Samples(lead % noise.Header.Signals.Length), noise.Header.SampleRateHz);
            gains[lead] = rms > 0 ? Math.Pow(10, decibels / -20) * RmsOfPeakToPeak * amplitude / rms : throw new RecordingFormatException(RecordingFault.SampleValue, noise.HeaderPath, "", "its amplitude is zero");
        }

        return gains;
    }

    /// <summary>The noisy record, with the clean one's annotations.</summary>
    /// <exception cref="RecordingFormatException">The records' rates differ, the noise is silent, or the sum does not fit 16 bits.</exception>
    public static Recording Mix(Recording clean, WfdbRecord noise, double decibels, string name)
    {
        if (Math.Abs(noise.Header.SampleRateHz - clean.SampleRateHz) > 1e-6)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate, noise.HeaderPath, "", FormattableString.Invariant($"{noise.Header.SampleRateHz} Hz; {clean.Name} has {clean.SampleRateHz} Hz"));
        }

        var gains = Gains(clean, noise, decibels);
        var mixed = new short[clean.LeadCount][];
        for (var lead = 0; lead < mixed.Length; lead++)
        {
            mixed[lead] = Mix(clean.Digital(lead), noise.Samples(lead % noise.Header.Signals.Length), gains[lead], clean.SampleRateHz, clean.Info.SourcePath);
        }

        return Recording.FromDigital(clean.Info with { Name = name }, mixed, [.. Enumerable.Range(0, clean.LeadCount).Select(clean.Scale)]);
    }

    private static short[] Mix(ReadOnlySpan<short> clean, ReadOnlySpan<short> noise, double gain, double sampleRateHz, string source)
    {
        var mixed = new short[clean.Length];
        var offset = 0;
        var noisy = false;
        for (var index = 0; index < mixed.Length; index++)
        {
            // A noise record that ends begins again.
            var sum = clean[index] + (noisy ? gain * noise[index % noise.Length] : 0);
            var value = (int)(sum - offset);
            if (value is < short.MinValue or > short.MaxValue)
            {
                throw new RecordingFormatException(RecordingFault.SampleValue, source, $"sample {index}", "with the noise does not fit 16 bits");
            }

            mixed[index] = (short)value;
            var next = NoiseProtocol.IsNoisy((index + 1) / sampleRateHz);
            if (next != noisy)
            {
                noisy = next;
                offset = (int)(clean[index] + (noisy ? gain * noise[index % noise.Length] : 0) - value);
            }
        }

        return mixed;
    }
}
