namespace EcgStream.Simulator.Synth;

/// <summary>
/// Shape of a beat that starts in a ventricle: it spreads from muscle to muscle, so QRS lasts about 150 ms, no P wave leads it, and T points
/// the other way (discordant). One focus per patient: outflow tract, left ventricle or apex.
/// </summary>
internal sealed class VentricularMorphology
{
    public const int MaxKernels = 5;

    private readonly WaveKernel[] _depolarization;
    private readonly WaveKernel[] _repolarization;

    public VentricularMorphology(SynthRandom patient, double size)
    {
        // Towards which side the wave runs: away from the focus.
        ReadOnlySpan<Dipole> foci = [new(0.55, 0.75, 0.55), new(-0.45, 0.55, -0.75), new(0.45, -0.65, 0.75)];
        var direction = foci[(int)(patient.Uniform() * foci.Length)]
            .Turned(patient.Normal(HeartMorphology.Radians(12), 2), patient.Normal(HeartMorphology.Radians(12), 2));
        var peak = size * patient.Uniform(1.3, 1.8);
        var early = direction.Turned(HeartMorphology.Radians(25), HeartMorphology.Radians(-20));
        var late = direction.Turned(HeartMorphology.Radians(-20), HeartMorphology.Radians(25));
        var width = 1 + patient.Normal(0.06, 2);
        _depolarization =
        [
            Scaled(-42 * width, 17 * width, 0.45 * peak, early),
            Scaled(0, 23 * width, peak, direction),
            Scaled(44 * width, 17 * width, 0.35 * peak, late),
        ];
        _repolarization =
        [
            Scaled(185, 55, -0.18 * peak, direction),
            Scaled(275, 52, -0.38 * peak, late),
        ];
    }

    /// <summary>Writes the kernels of one beat and returns how many there are.</summary>
    /// <param name="kernels">At least <see cref="MaxKernels"/>.</param>
    public int Write(Span<WaveKernel> kernels, double qtRrSeconds, double gain, SynthRandom random)
    {
        var count = 0;
        HeartMorphology.Append(kernels, ref count, _depolarization, 1, 1, gain, random);
        var qt = HeartMorphology.QtScale(qtRrSeconds);
        HeartMorphology.Append(kernels, ref count, _repolarization, qt, qt, gain, random);
        return count;
    }

    private static WaveKernel Scaled(double offsetMs, double widthMs, double millivolts, Dipole direction) =>
        new(offsetMs / 1000, widthMs / 1000, millivolts * direction);
}
