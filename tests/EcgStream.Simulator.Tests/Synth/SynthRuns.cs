using EcgStream.Core.Signals;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Tests.Synth;

/// <summary>Makes signals for the tests and measures them in the plainest way.</summary>
internal static class SynthRuns
{
    public static (float[][] Leads, TruthList Truth) Make(SynthSpec spec, double seconds)
    {
        var truth = new TruthList();
        var synthesizer = new EcgSynthesizer(spec, truth);
        var samples = (int)(seconds * spec.SampleRateHz);
        var block = new float[spec.Leads.Count * samples];
        synthesizer.Read(block, samples);
        return ([.. block.Chunk(samples)], truth);
    }

    public static float[] Lead(this (float[][] Leads, TruthList Truth) run, Lead lead) => run.Leads[LeadNames.StandardTwelve.ToList().IndexOf(lead)];

    /// <summary>RR intervals in seconds.</summary>
    public static double[] Rr(this TruthList truth, double sampleRateHz) =>
        [.. truth.Beats.Zip(truth.Beats.Skip(1), (one, next) => (next.Sample - one.Sample) / sampleRateHz)];

    public static double Deviation(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / all.Length);
    }

    /// <summary>Mean beat of a lead from <paramref name="before"/> to <paramref name="after"/> samples around the R peaks of class N, less its first value.</summary>
    public static double[] MeanBeat(float[] lead, TruthList truth, int before, int after)
    {
        var mean = new double[before + after];
        var count = 0;
        foreach (var beat in truth.Beats.Where(beat => beat.Class == BeatClass.N && beat.Sample >= before && beat.Sample + after < lead.Length))
        {
            count++;
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += lead[beat.Sample - before + i];
            }
        }

        return Array.ConvertAll(mean, sum => (sum / count) - (mean[0] / count));
    }

    /// <summary>Power of a signal at one frequency, by the plain sum.</summary>
    public static double PowerAt(ReadOnlySpan<float> signal, double frequencyHz, double sampleRateHz)
    {
        double real = 0, imaginary = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * frequencyHz * i / sampleRateHz);
            real += signal[i] * cos;
            imaginary += signal[i] * sin;
        }

        return ((real * real) + (imaginary * imaginary)) / signal.Length;
    }
}
