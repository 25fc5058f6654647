namespace EcgStream.Simulator.Synth;

/// <summary>
/// A wave like that of ventricular fibrillation: in each axis two stochastic oscillations between 4 and 7 Hz, short of memory,
/// so that height and pace change from one wave to the next. Coarse: about 0.4 mV root mean square in II.
/// </summary>
internal sealed class VentricularFibrillationWaves
{
    private readonly NarrowbandOscillator[] _oscillators;
    private readonly SynthRandom _random;
    private readonly double _stepSeconds;

    public VentricularFibrillationWaves(SynthRandom patient, SynthRandom random, double stepSeconds)
    {
        _random = random;
        _stepSeconds = stepSeconds;
        var centre = patient.Uniform(4.9, 5.9);
        _oscillators = new NarrowbandOscillator[6];
        for (var i = 0; i < _oscillators.Length; i++)
        {
            _oscillators[i] = new NarrowbandOscillator(centre + patient.Uniform(-0.5, 0.5), 0.7, random);
        }
    }

    public Dipole Next()
    {
        return new Dipole(0.25 * Pair(0), 0.27 * Pair(2), 0.22 * Pair(4));
    }

    private double Pair(int first) =>
        _oscillators[first].Step(_stepSeconds, _random) + (0.6 * _oscillators[first + 1].Step(_stepSeconds, _random));
}
