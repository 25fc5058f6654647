namespace EcgStream.Simulator.Synth;

/// <summary>
/// When each beat comes. Sinus intervals follow breathing (respiratory sinus arrhythmia) and the 0.1 Hz Mayer wave of blood pressure, the two
/// peaks of the RR spectrum in the model of McSharry and others; atrial fibrillation draws each interval anew. One beat is made at a time.
/// </summary>
internal sealed class BeatSchedule
{
    // Of the mean interval at 60 beats per minute; a fast heart varies less.
    private const double RespiratoryShare = 0.016;
    private const double MayerShare = 0.012;
    private const double BeatShare = 0.004;
    private const double FibrillationShare = 0.23;

    private readonly SynthSpec _spec;
    private readonly SynthRandom _random;
    private readonly Respiration _respiration;
    private readonly double _sinusRr;
    private readonly double _episodeRr;
    private readonly double _coupling;
    private NarrowbandOscillator _mayer;
    private double _time;
    private double _lastRr;
    private int _runLeft;
    private int _sinusSinceRun = 2;

    public BeatSchedule(SynthSpec spec, SynthRandom patient, SynthRandom random, Respiration respiration)
    {
        _spec = spec;
        _random = random;
        _respiration = respiration;
        _mayer = new NarrowbandOscillator(0.1, 20, random);
        var sinus = 60 / patient.Uniform(60, 84);
        var (low, high) = spec.Rhythm switch
        {
            RhythmKind.Bradycardia => (34.0, 42.0),
            RhythmKind.Tachycardia => (136, 158),
            RhythmKind.AtrialFibrillation => (78, 128),
            _ => (0, 0),
        };
        var chosen = low > 0 ? 60 / patient.Uniform(low, high) : sinus;
        _episodeRr = spec.HeartRateBpm is { } rate ? 60 / rate : chosen;

        // Around an episode of another rate the patient rests at the seed's own rate.
        _sinusRr = spec.Rhythm is RhythmKind.Sinus or RhythmKind.PrematureVentricular ? _episodeRr : sinus;
        _coupling = patient.Uniform(0.56, 0.7);
        _lastRr = _sinusRr;
        _time = random.Uniform(0.25, 0.25 + _sinusRr) - _sinusRr;
    }

    /// <summary>The next beat with R peak before the episode of no beats, or after it; its time always rises.</summary>
    public ScheduledBeat Next()
    {
        if (_runLeft > 0)
        {
            return Premature(_random.Uniform(0.34, 0.38));
        }

        var episode = InEpisode(_time);
        if (episode && _spec.Rhythm == RhythmKind.PrematureVentricular && _sinusSinceRun >= 2 && StartsRun())
        {
            _runLeft = _spec.PvcRunLength;
            return Premature(_coupling * _sinusRr * (1 + _random.Normal(0.03, 2)));
        }

        var fibrillation = episode && _spec.Rhythm == RhythmKind.AtrialFibrillation;
        var rr = fibrillation ? FibrillationRr() : SinusRr(episode ? _episodeRr : _sinusRr);
        if (_sinusSinceRun == 0)
        {
            // The sinus node keeps its pace: the beat after a single premature one comes two intervals after the last conducted one.
            rr = Math.Max(rr, (_spec.PvcRunLength == 1 ? 2 : 1.9) * _sinusRr - _lastRr);
        }

        _sinusSinceRun++;
        Advance(rr);
        if (_spec.Rhythm is RhythmKind.Asystole or RhythmKind.VentricularFibrillation && InEpisode(_time + 0.12))
        {
            // No beat during the episode; the first one after it comes later than the look-ahead, so that truth stays in order.
            _time = _spec.EndSeconds + 0.7;
            _lastRr = rr;
        }

        return new ScheduledBeat(_time, rr, BeatClass.N, !fibrillation, Code(InEpisode(_time)));
    }

    private bool InEpisode(double seconds) => seconds >= _spec.OnsetSeconds && seconds < _spec.EndSeconds;

    private bool StartsRun() => _random.Uniform() < _spec.PvcPerMinute / 60 * (_sinusRr * (_spec.PvcRunLength == 1 ? 1 : 2));

    private ScheduledBeat Premature(double rr)
    {
        _runLeft--;
        _sinusSinceRun = 0;
        Advance(rr);
        return new ScheduledBeat(_time, rr, BeatClass.V, false, _spec.PvcRunLength >= 3 ? "(VT" : "(N");
    }

    private void Advance(double rr)
    {
        _time += rr;
        _lastRr = rr;
    }

    private double SinusRr(double mean)
    {
        var swing = Math.Pow(mean, 1.3);
        var mayer = _mayer.Step(_lastRr, _random);
        return mean * (1 + (swing * ((RespiratoryShare * Math.Sqrt(2) * _respiration.At(_time))
            + (MayerShare * Math.Clamp(mayer, -2.5, 2.5)) + _random.Normal(BeatShare, 3))));
    }

    private double FibrillationRr()
    {
        // Log-normal; the AV node's refractory time cuts it below.
        var rr = _episodeRr * Math.Exp(_random.Normal(FibrillationShare, 2.5) - (FibrillationShare * FibrillationShare / 2));
        return Math.Max(rr, 0.3);
    }

    private string Code(bool episode) => !episode ? "(N" : _spec.Rhythm switch
    {
        RhythmKind.Bradycardia => "(SBR",
        RhythmKind.Tachycardia => "(STACH",
        RhythmKind.AtrialFibrillation => "(AFIB",
        _ => "(N",
    };
}
