namespace EcgStream.Simulator.Synth;

/// <summary>
/// The f-waves of atrial fibrillation: a saw-tooth-like wave of 5 to 7 Hz whose pace and height drift, as in Stridh and Sörnmo, "Spatiotemporal
/// QRST cancellation techniques for analysis of atrial fibrillation", IEEE Trans Biomed Eng 48:105, 2001. Strongest in V1, then II.
/// </summary>
internal sealed class FibrillatoryWaves
{
    private readonly SynthRandom _random;
    private readonly Dipole _direction;
    private readonly double _frequencyHz;
    private readonly double _stepSeconds;
    private NarrowbandOscillator _pace;
    private NarrowbandOscillator _height;
    private double _phase;

    public FibrillatoryWaves(SynthRandom patient, SynthRandom random, double stepSeconds)
    {
        _random = random;
        _stepSeconds = stepSeconds;
        _frequencyHz = patient.Uniform(5.2, 7);
        _direction = patient.Uniform(0.7, 1.2) * new Dipole(-0.02, 0.06, -0.085);
        _pace = new NarrowbandOscillator(0.15, 4, random);
        _height = new NarrowbandOscillator(0.2, 3, random);
    }

    public Dipole Next()
    {
        var pace = 1 + (0.06 * Math.Clamp(_pace.Step(_stepSeconds, _random), -2, 2));
        _phase = (_phase + (2 * Math.PI * _frequencyHz * pace * _stepSeconds)) % (2 * Math.PI);
        var height = 0.7 * (1 + (0.3 * Math.Clamp(_height.Step(_stepSeconds, _random), -2, 2)));
        var wave = Math.Sin(_phase) + (Math.Sin(2 * _phase) / 2) + (Math.Sin(3 * _phase) / 3);
        return (height * wave) * _direction;
    }
}
