namespace EcgStream.Simulator.Synth;

/// <summary>
/// Makes a patient's ECG sample by sample, for ever, in constant memory and without allocation. The phase of the heart runs on the limit cycle
/// with angular velocity 2π/RR, set anew at each beat; Gaussian events at fixed places of the cycle move a three-dimensional dipole
/// (see <see cref="HeartMorphology"/>), and the lead field projects it onto the leads. One thread at a time.
/// </summary>
public sealed class EcgSynthesizer
{
    /// <summary>A beat is planned this long before its R peak, longer than its P wave reaches ahead.</summary>
    private const double LookAheadSeconds = 0.6;

    private const int MaxActiveBeats = 8;
    private const double FadeSeconds = 0.4;

    private readonly SynthSpec _spec;
    private readonly ITruthSink? _truth;
    private readonly LeadField _field;
    private readonly HeartMorphology _heart;
    private readonly BeatSchedule _schedule;
    private readonly Respiration _respiration;
    private readonly ElectrodeNoise _noise;
    private readonly FibrillatoryWaves? _atria;
    private readonly VentricularFibrillationWaves? _ventricles;
    private readonly SynthRandom _beatRandom;
    private readonly ActiveBeat[] _active = new ActiveBeat[MaxActiveBeats];
    private readonly double[] _electrodes = new double[LeadField.ElectrodeCount];
    private ScheduledBeat _next;
    private string _rhythm = "";
    private double _qtRr;

    /// <param name="spec">What to make.</param>
    /// <param name="truth">Takes beats and rhythms; null = nobody asks for them.</param>
    /// <exception cref="ArgumentException">The spec asks for what cannot be made.</exception>
    public EcgSynthesizer(SynthSpec spec, ITruthSink? truth = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        _spec = spec;
        _truth = truth;

        // Streams of their own: more noise does not move the beats, another rhythm does not change the patient.
        var patient = new SynthRandom(spec.Seed, 1);
        var torso = new SynthRandom(spec.Seed, 2);
        _beatRandom = new SynthRandom(spec.Seed, 3);
        var rhythmRandom = new SynthRandom(spec.Seed, 4);
        var noiseRandom = new SynthRandom(spec.Seed, 5);
        var waveRandom = new SynthRandom(spec.Seed, 6);
        var step = 1 / spec.SampleRateHz;
        _heart = new HeartMorphology(patient);
        _respiration = new Respiration(patient);
        _field = new LeadField(spec.Leads, torso);
        _noise = new ElectrodeNoise(spec.Noise, torso, noiseRandom, _respiration, step);
        _atria = spec.Rhythm == RhythmKind.AtrialFibrillation ? new FibrillatoryWaves(torso, waveRandom, step) : null;
        _ventricles = spec.Rhythm == RhythmKind.VentricularFibrillation ? new VentricularFibrillationWaves(torso, waveRandom, step) : null;
        _schedule = new BeatSchedule(spec, patient, rhythmRandom, _respiration);
        for (var i = 0; i < _active.Length; i++)
        {
            _active[i] = new ActiveBeat();
        }

        _next = _schedule.Next();
        _qtRr = _next.RrSeconds;
        while (_next.TimeSeconds < 0)
        {
            Begin(_next);
            _next = _schedule.Next();
        }
    }

    /// <summary>Samples made so far, per lead.</summary>
    public long Position { get; private set; }

    public SynthSpec Spec => _spec;

    /// <summary>Makes the next samples.</summary>
    /// <param name="millivolts">Lead-major: all samples of the first lead, then of the second, and so on.</param>
    /// <param name="samplesPerLead">How many.</param>
    public void Read(Span<float> millivolts, int samplesPerLead)
    {
        var leads = _spec.Leads.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerLead, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(millivolts.Length, leads * samplesPerLead);
        for (var sample = 0; sample < samplesPerLead; sample++)
        {
            var seconds = Position / _spec.SampleRateHz;
            PlanAhead(seconds);
            var dipole = HeartAt(seconds) + WavesAt(seconds);
            _noise.Next(seconds, _electrodes);
            for (var lead = 0; lead < leads; lead++)
            {
                millivolts[(lead * samplesPerLead) + sample] = (float)_field.Project(lead, dipole, _electrodes);
            }

            Position++;
        }
    }

    private void PlanAhead(double seconds)
    {
        MarkEpisode(seconds);
        while (_next.TimeSeconds < seconds + LookAheadSeconds)
        {
            Begin(_next);
            _next = _schedule.Next();
        }
    }

    private void Begin(in ScheduledBeat beat)
    {
        var slot = FreeSlot();
        _qtRr += 0.25 * (Math.Clamp(beat.RrSeconds, 0.3, 2) - _qtRr);
        var gain = 1 + (0.03 * _respiration.At(beat.TimeSeconds));
        slot.Start(beat.TimeSeconds, beat.Class == BeatClass.N
            ? _heart.Write(slot.Kernels, beat.RrSeconds, _qtRr, beat.AtrialWave, gain, _beatRandom)
            : _heart.Ventricles.Write(slot.Kernels, _qtRr, gain, _beatRandom));
        if (beat.TimeSeconds >= 0)
        {
            var sample = (long)Math.Round(beat.TimeSeconds * _spec.SampleRateHz);
            MarkRhythm(_rhythm.Length == 0 ? 0 : sample, beat.Rhythm);
            _truth?.Add(new TruthBeat(sample, beat.Class));
        }
    }

    /// <summary>Asystole and fibrillation have no beats that would mark them.</summary>
    private void MarkEpisode(double seconds)
    {
        if (_spec.Rhythm is not (RhythmKind.Asystole or RhythmKind.VentricularFibrillation)
            || seconds < _spec.OnsetSeconds || seconds >= _spec.EndSeconds)
        {
            return;
        }

        MarkRhythm(Position, _spec.Rhythm == RhythmKind.Asystole ? "(ASYS" : "(VFIB");
    }

    private void MarkRhythm(long sample, string code)
    {
        if (code != _rhythm)
        {
            _rhythm = code;
            _truth?.Add(new TruthRhythm(sample, code));
        }
    }

    private Dipole HeartAt(double seconds)
    {
        var sum = default(Dipole);
        foreach (var beat in _active)
        {
            if (beat.Covers(seconds))
            {
                sum += beat.At(seconds);
            }
        }

        return sum;
    }

    private Dipole WavesAt(double seconds)
    {
        var share = Math.Clamp((seconds - _spec.OnsetSeconds) / FadeSeconds, 0, 1) * Math.Clamp((_spec.EndSeconds - seconds) / FadeSeconds, 0, 1);
        if (share == 0)
        {
            return default;
        }

        var waves = _atria?.Next() ?? _ventricles?.Next() ?? default;
        return share * waves;
    }

    private ActiveBeat FreeSlot()
    {
        var oldest = _active[0];
        foreach (var beat in _active)
        {
            oldest = beat.EndSeconds < oldest.EndSeconds ? beat : oldest;
        }

        return oldest;
    }
}
