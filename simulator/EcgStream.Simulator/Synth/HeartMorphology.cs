namespace EcgStream.Simulator.Synth;

/// <summary>
/// One patient's beats, as Gaussian events of a dipole: the model of McSharry, Clifford, Tarassenko and Smith ("A dynamical model
/// for generating synthetic electrocardiogram signals", IEEE Trans Biomed Eng 50:289, 2003) in three axes, as Sameni, Clifford,
/// Jutten and Shamsollahi gave it ("Multichannel ECG and noise modeling", EURASIP J Adv Signal Process 2007:43407). The constants are
/// ours, set so that the leads lie within the limits of a normal resting ECG of an adult.
/// QRS keeps its length at every rate; the ST segment and T follow Fridericia's cube root of RR; PR follows the rate weakly.
/// </summary>
internal sealed class HeartMorphology
{
    public const int MaxKernels = 10;

    private const double ReferenceRrSeconds = 60.0 / 70;

    // Offsets and widths in ms at 70 beats per minute, dipole in mV. P: right, then left atrium.
    private static readonly WaveKernel[] Atrial =
    [
        Ms(-160, 20, 0.045, 0.055, -0.030),
        Ms(-130, 19, 0.070, 0.035, 0.010),
    ];

    // Septum (to the right and front), apex, the free walls, the posterior wall, the base.
    private static readonly WaveKernel[] Ventricular =
    [
        Ms(-26, 7, -0.070, -0.025, -0.165),
        Ms(-12, 8, 0.390, 0.120, -0.320),
        Ms(0, 8.5, 0.880, 0.460, 0.180),
        Ms(13, 9, 0.170, 0.130, 0.440),
        Ms(24, 9, -0.140, -0.020, 0.380),
    ];

    // ST segment, then an anterior and a main part of T: the sum rises slowly and falls fast.
    private static readonly WaveKernel[] Repolarization =
    [
        Ms(125, 45, 0.015, 0.005, -0.060),
        Ms(215, 48, 0.095, 0.035, -0.125),
        Ms(262, 36, 0.250, 0.105, -0.110),
    ];

    private readonly WaveKernel[] _atrial;
    private readonly WaveKernel[] _ventricular;
    private readonly WaveKernel[] _repolarization;
    private readonly double _qtFactor;

    public HeartMorphology(SynthRandom patient)
    {
        var size = Math.Exp(patient.Normal(0.2, 2));
        var frontal = patient.Normal(Radians(13), 1.8);
        var transverse = patient.Normal(Radians(10), 1.8);
        var prFactor = 1 + patient.Normal(0.09, 2);
        var qrsFactor = 1 + patient.Normal(0.05, 2);
        _qtFactor = 1 + patient.Normal(0.025, 2);
        _atrial = Vary(Atrial, patient, size: Math.Exp(patient.Normal(0.15, 2)), frontal / 2, transverse / 2, prFactor, 1);
        _ventricular = Vary(Ventricular, patient, size, frontal, transverse, qrsFactor, qrsFactor);

        // The T axis stays near the QRS axis in a healthy heart.
        var tSize = Math.Sqrt(size) * Math.Exp(patient.Normal(0.15, 2));
        _repolarization = Vary(
            Repolarization, patient, tSize, (0.6 * frontal) + patient.Normal(Radians(5), 2), (0.6 * transverse) + patient.Normal(Radians(5), 2), 1, 1);
        Ventricles = new VentricularMorphology(patient, size);
    }

    /// <summary>Shape of this patient's premature ventricular contractions.</summary>
    public VentricularMorphology Ventricles { get; }

    /// <summary>Writes the kernels of a conducted beat and returns how many there are.</summary>
    /// <param name="kernels">At least <see cref="MaxKernels"/>.</param>
    /// <param name="rrSeconds">Interval before the beat; PR follows it.</param>
    /// <param name="qtRrSeconds">Slow mean of the intervals; QT follows it, as it does within a minute or so.</param>
    /// <param name="atrialWave">False where the atria do not contract (atrial fibrillation).</param>
    /// <param name="gain">Breathing moves the heart: common gain of the beat.</param>
    public int Write(Span<WaveKernel> kernels, double rrSeconds, double qtRrSeconds, bool atrialWave, double gain, SynthRandom random)
    {
        var count = 0;
        if (atrialWave)
        {
            var pr = Math.Sqrt(Math.Sqrt(rrSeconds / ReferenceRrSeconds));
            Append(kernels, ref count, _atrial, Math.Clamp(pr, 0.75, 1.15), 1, gain, random);
        }

        Append(kernels, ref count, _ventricular, 1, 1, gain, random);
        var qt = QtScale(qtRrSeconds) * _qtFactor;
        Append(kernels, ref count, _repolarization, qt, qt, gain, random);
        return count;
    }

    /// <summary>How much longer or shorter QT is than at 70 beats per minute (Fridericia).</summary>
    public static double QtScale(double rrSeconds) => Math.Cbrt(rrSeconds / ReferenceRrSeconds);

    internal static WaveKernel Ms(double offset, double width, double x, double y, double z) =>
        new(offset / 1000, width / 1000, new Dipole(x, y, z));

    internal static double Radians(double degrees) => degrees * Math.PI / 180;

    internal static void Append(
        Span<WaveKernel> kernels, ref int count, WaveKernel[] shape, double stretch, double widen, double gain, SynthRandom random)
    {
        foreach (var kernel in shape)
        {
            kernels[count++] = new WaveKernel(
                kernel.OffsetSeconds * stretch, kernel.WidthSeconds * widen, gain * (1 + random.Normal(0.015, 2)) * kernel.Amplitude);
        }
    }

    private static WaveKernel[] Vary(
        WaveKernel[] shape, SynthRandom patient, double size, double frontal, double transverse, double stretch, double widen) =>
        [.. shape.Select(kernel => new WaveKernel(
            kernel.OffsetSeconds * stretch,
            kernel.WidthSeconds * widen * (1 + patient.Normal(0.04, 2)),
            (size * (1 + patient.Normal(0.08, 2)) * kernel.Amplitude).Turned(frontal, transverse)))];
}
