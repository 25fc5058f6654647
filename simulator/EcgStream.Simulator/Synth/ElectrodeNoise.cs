namespace EcgStream.Simulator.Synth;

/// <summary>
/// Noise at each electrode, in millivolts. Made at the electrodes and not in the leads, so that leads which share an
/// electrode share its noise, and derived leads stay consistent.
/// </summary>
internal sealed class ElectrodeNoise
{
    private const double DriftHz = 0.25;
    private const double EmgHz = 20;

    private readonly SynthRandom _random;
    private readonly Respiration _respiration;
    private readonly double _stepSeconds;
    private readonly double _baseline;
    private readonly double _emg;
    private readonly double _mains;
    private readonly double _mainsStep;
    private readonly double _driftDecay;
    private readonly double _driftGain;
    private readonly double _emgDecay;
    private readonly double[] _breathShare = new double[LeadField.ElectrodeCount];
    private readonly double[] _mainsShare = new double[LeadField.ElectrodeCount];
    private readonly double[] _driftA = new double[LeadField.ElectrodeCount];
    private readonly double[] _driftB = new double[LeadField.ElectrodeCount];
    private readonly double[] _emgLow = new double[LeadField.ElectrodeCount];
    private NarrowbandOscillator _mainsHeight;
    private double _mainsPhase;

    public ElectrodeNoise(NoiseSpec spec, SynthRandom patient, SynthRandom random, Respiration respiration, double stepSeconds)
    {
        _random = random;
        _respiration = respiration;
        _stepSeconds = stepSeconds;

        // A limb lead is the difference of two electrodes: of independent parts each electrode gets 1/√2.
        _baseline = spec.BaselineMicrovolts / 1000 / Math.Sqrt(2);
        _mains = spec.MainsMicrovolts / 1000;
        _mainsStep = 2 * Math.PI * spec.MainsHz * stepSeconds;
        _driftDecay = Math.Exp(-2 * Math.PI * DriftHz * stepSeconds);

        // Two equal one-pole low-passes; variance (1 + a²) / ((1 - a²)³) times that of the input.
        var square = _driftDecay * _driftDecay;
        _driftGain = Math.Sqrt(Math.Pow(1 - square, 3) / (1 + square));
        _emgDecay = Math.Exp(-2 * Math.PI * EmgHz * stepSeconds);

        // White noise less its one-pole low-pass keeps 2a²/(1 + a) of its variance.
        var kept = 2 * _emgDecay * _emgDecay / (1 + _emgDecay);
        _emg = spec.EmgMicrovolts / 1000 / Math.Sqrt(2 * kept);
        for (var i = 0; i < LeadField.ElectrodeCount; i++)
        {
            _breathShare[i] = patient.Uniform(-1.2, 1.2);
            _mainsShare[i] = patient.Uniform(-1, 1);
        }

        // Hum in lead I is at the stated level; elsewhere as the electrodes differ.
        _mainsShare[1] = _mainsShare[0] + Math.Sqrt(2);
        _mainsHeight = new NarrowbandOscillator(0.05, 10, random);
        for (var warmUp = 0; warmUp < 2 / stepSeconds; warmUp++)
        {
            Drift();
        }
    }

    /// <summary>Writes the next sample of every electrode.</summary>
    public void Next(double seconds, Span<double> millivolts)
    {
        millivolts.Clear();
        if (_baseline > 0)
        {
            Drift();
            var breath = _respiration.At(seconds);
            for (var i = 0; i < millivolts.Length; i++)
            {
                millivolts[i] += _baseline * ((0.7 * _driftB[i]) + (_breathShare[i] * breath));
            }
        }

        if (_emg > 0)
        {
            for (var i = 0; i < millivolts.Length; i++)
            {
                var white = _random.Normal();
                _emgLow[i] = (_emgDecay * _emgLow[i]) + ((1 - _emgDecay) * white);
                millivolts[i] += _emg * (white - _emgLow[i]);
            }
        }

        if (_mains > 0)
        {
            _mainsPhase = (_mainsPhase + _mainsStep) % (2 * Math.PI);
            var height = 1 + (0.15 * Math.Clamp(_mainsHeight.Step(_stepSeconds, _random), -2, 2));
            var hum = _mains * height * Math.Sin(_mainsPhase);
            for (var i = 0; i < millivolts.Length; i++)
            {
                millivolts[i] += _mainsShare[i] * hum;
            }
        }
    }

    private void Drift()
    {
        for (var i = 0; i < _driftA.Length; i++)
        {
            _driftA[i] = (_driftDecay * _driftA[i]) + (_driftGain * _random.Normal());
            _driftB[i] = (_driftDecay * _driftB[i]) + _driftA[i];
        }
    }
}
