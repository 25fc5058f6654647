namespace EcgStream.Simulator.Synth;

/// <summary>Breathing, between -1 and 1: a sine whose pace drifts slowly. It moves the baseline, the RR intervals and the heart's axis.</summary>
internal sealed class Respiration(SynthRandom patient)
{
    private readonly double _angularVelocity = 2 * Math.PI * patient.Uniform(0.19, 0.29);
    private readonly double _phase = patient.Uniform(0, 2 * Math.PI);
    private readonly double _drift = 2 * Math.PI * patient.Uniform(0.012, 0.02);

    public double At(double seconds) => Math.Sin((_angularVelocity * seconds) + _phase + (0.9 * Math.Sin(_drift * seconds)));
}
