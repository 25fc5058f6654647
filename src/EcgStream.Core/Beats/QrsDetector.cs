using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// A streaming QRS detector over all leads in use: peaks of the slope energy against a threshold between the levels of recent beats and of recent noise, with a
/// refractory time, T-wave rejection and search-back, after the rules of Pan and Tompkins (1985) and Hamilton (2002). Causal, constant memory.
/// A beat is reported at most <see cref="MaxDelaySamples"/> after its middle; one found by search-back when it is overdue. One thread.
/// </summary>
internal sealed class QrsDetector
{
    /// <summary>Delay of the feature plus the wait for its peak to have passed: 60 + 96 ms.</summary>
    public const int MaxDelaySamples = SlopeEnergy.DelaySamples + PeakWait;

    private const int PeakWait = 48;

    // No refractory time may be shorter: what a block of frames can bring is bounded by it.
    private const int LeastRefractory = SampleClock.RateHz / 10;

    // Looking back costs more than a sample does; every 32 ms is often enough.
    private const int SearchBackPace = 16;

    private const int Learning = 2 * SampleClock.RateHz;

    // A QRS complex of 0.15 mV, the most that a rate meter may ignore (EC13), has a feature of about 0.05 mV.
    private const double FloorMillivolts = 0.04;

    // The feature of a pulse of 20 mV and 2 ms is 1 mV.
    private const double SpikeMillivolts = 1.2;

    private const double IntervalMemory = 1.0 / 8;

    // Until two beats have told it.
    private const double FirstInterval = SampleClock.RateHz;

    // The second highest peak of the first seconds is a beat, too, if it is more than a T wave would be.
    private const double LearnedShare = 0.3;

    private readonly SlopeEnergy _energy;
    private readonly LeadLevels _levels;
    private readonly QrsCandidates _missed;
    private readonly double[] _lanes;
    private readonly double[] _steps;
    private readonly double[] _movement;
    private readonly double[] _beatMovement;
    private readonly QrsTuning _tuning;
    private readonly int _refractory;
    private readonly int _tWaveEnd;
    private readonly int _stride;
    private PeakFinder _peaks = new(PeakWait);
    private double _interval;
    private double _lastHeight;
    private long _sample;
    private long _heard;
    private long _lastQrs = -1;
    private long _overdueFrom;
    private bool _afterBreak = true;
    private bool _learned;
    private bool _any = true;

    public QrsDetector(int leads, QrsTuning? tuning = null)
    {
        _tuning = tuning ?? QrsTuning.Standard;
        _tWaveEnd = (int)Math.Round(_tuning.TWaveEndMs * SampleClock.RateHz / 1000);
        _refractory = Math.Max(LeastRefractory, (int)Math.Round(_tuning.RefractoryMs * SampleClock.RateHz / 1000));
        _steps = new double[leads];
        _movement = new double[leads];
        _beatMovement = new double[leads];
        _energy = new SlopeEnergy(leads);
        _levels = new LeadLevels(leads, _tuning);
        _missed = new QrsCandidates(leads);
        _lanes = new double[leads];
        _stride = LaneMath.Stride(leads);
    }

    /// <summary>So much was listened to that beats are found: the detector has learned, or there was nothing to learn from.</summary>
    public bool IsReady => _learned || _heard >= Learning;

    /// <summary>Some lane is looked at.</summary>
    public bool IsLooking => _any;

    /// <summary>The next frame touches none before it. What was learned of the heart's levels stays.</summary>
    /// <param name="sample">Its number.</param>
    public void Reset(long sample)
    {
        _energy.Reset(sample);
        _peaks.Reset();
        _sample = sample;
        _lastQrs = -1;
        Resume();
    }

    /// <summary>Says which lanes to look at. After a time with none no beat is overdue, and nothing from before it is found any more.</summary>
    public void Use(ReadOnlySpan<bool> usable)
    {
        var any = usable.Contains(true);
        if (any && !_any)
        {
            Resume();
        }

        _any = any;
        _levels.Use(usable);
    }

    private void Resume()
    {
        if (_learned)
        {
            _missed.Clear();
        }

        _overdueFrom = _sample;
        _afterBreak = true;
    }

    /// <summary>The most beats that so many frames can bring: some per refractory time, each higher than the one before, and those of the learning time at once.</summary>
    public static int MaxFound(int frames) => (2 * (frames + Learning) / LeastRefractory) + QrsCandidates.Capacity;

    /// <summary>Takes filtered frames.</summary>
    /// <param name="frames">Frame-major, millivolts.</param>
    /// <param name="found">Gets the middles of the beats found, by the numbers of their samples; holds at least <see cref="MaxFound"/> of the frames.</param>
    /// <returns>Beats found.</returns>
    public int Process(ReadOnlySpan<double> frames, Span<long> found)
    {
        var count = 0;
        for (var offset = 0; offset < frames.Length; offset += _stride)
        {
            var feature = _energy.Next(frames.Slice(offset, _stride), _levels.Weights);
            if (_peaks.Next(_sample, feature) && !IsSpike())
            {
                Measure(_peaks.At);
                if (_learned)
                {
                    var before = count;
                    Judge(_peaks.At, _lanes, IsWide(), found, ref count);
                    if (count > before)
                    {
                        LearnMovement();
                    }
                }
                else
                {
                    _missed.Add(_peaks.At, _lanes);
                }
            }

            _sample++;
            _heard += _any ? 1 : 0;
            if (!_learned)
            {
                // Judged by the weights of now: a time without any lead is none to learn in.
                if (_any && _heard >= Learning && _heard % Learning == 0)
                {
                    Learn(found, ref count);
                }
            }
            else if (_missed.Count > 0 && _sample % SearchBackPace == 0 && _sample - _overdueFrom > _tuning.Overdue * Interval)
            {
                SearchBack(found, ref count);
            }
        }

        return count;
    }

    /// <summary>Mean samples from beat to beat; null until beats have told it.</summary>
    public double? UsualInterval => _interval > 0 ? _interval : null;

    private double Interval => _interval > 0 ? _interval : FirstInterval;

    // The feature of each lead at a peak, less what moved in one direction only.
    private void Measure(long at)
    {
        _energy.At(at, _lanes);
        _energy.StepsAt(at, _steps);
        _energy.MovementAt(at, _movement);
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            _lanes[lane] *= 1 - (_tuning.StepPenalty * Math.Max(0, (_steps[lane] - _tuning.StepFrom) / (1 - _tuning.StepFrom)));
        }
    }

    // A pacemaker's spike is no beat. Where it captures at once the feature does not fall behind it, and the peak is the beat's. A spike so large that no beat could be seen behind it stands for one.
    private bool IsSpike()
    {
        var most = _learned ? Math.Min(SpikeMillivolts, _tuning.SpikeHides * _levels.Signal) : SpikeMillivolts;
        return _sample - _peaks.At < PeakWait && _peaks.Height < most && _energy.SharpnessAt(_peaks.At) > _tuning.Spike;
    }

    // A ventricular beat is flatter than a conducted one, but moves as much; no T wave does.
    private bool IsWide()
    {
        var level = _levels.Weighted(_beatMovement);
        return level > 0 && _levels.Noise < _tuning.WideNoise * _levels.Signal && _levels.Limited(_movement, _beatMovement, limit: 1) > _tuning.WideShare * level;
    }

    private void LearnMovement()
    {
        for (var lane = 0; lane < _movement.Length; lane++)
        {
            var most = _beatMovement[lane] > 0 ? _tuning.Clip * _beatMovement[lane] : double.MaxValue;
            _beatMovement[lane] += (_beatMovement[lane] > 0 ? _tuning.SignalMemory : 1) * (Math.Min(_movement[lane], most) - _beatMovement[lane]);
        }
    }

    // What a share leaves out is height over the noise, never the noise itself: however long a beat is overdue, noise must not stand in for it.
    private double Threshold(double share = 1)
    {
        var noise = _levels.Noise;
        return Math.Max(FloorMillivolts, Math.Max(share < 1 ? _tuning.SearchBackNoise * noise : 0, noise + (share * _tuning.ThresholdShare * Math.Max(0, _levels.Signal - noise))));
    }

    private void Judge(long at, ReadOnlySpan<double> lanes, bool wide, Span<long> found, ref int count)
    {
        var height = _levels.Weighted(lanes);
        var since = _lastQrs < 0 ? long.MaxValue : at - _lastQrs;
        if (since < _refractory && height < _tuning.BreaksRefractory * _lastHeight)
        {
            return;
        }

        var isTWave = since < _tWaveEnd && height < Math.Max(_tuning.TWaveShare * _levels.Signal, _tuning.TWaveOfLast * _lastHeight);
        var shown = wide ? height : _levels.Limited(lanes, _levels.Beats, _tuning.LaneLimit);
        if (shown > Threshold(wide ? _tuning.WideThresholdShare : 1) && !isTWave)
        {
            Accept(at, lanes, found, ref count);
            return;
        }

        if (!isTWave)
        {
            _levels.AddNoise(lanes);
            _missed.Add(at, lanes);
        }
    }

    private void Accept(long at, ReadOnlySpan<double> lanes, Span<long> found, ref int count)
    {
        if (!_afterBreak)
        {
            var interval = at - _lastQrs;
            _interval = _interval > 0 ? _interval + (IntervalMemory * (interval - _interval)) : interval;
        }

        _afterBreak = false;
        _lastQrs = at;
        _overdueFrom = at;
        _lastHeight = _levels.Weighted(lanes);
        _levels.AddBeat(lanes);
        found[count++] = at - SlopeEnergy.DelaySamples;

        // What lies behind the beat may still be one that is overdue.
        _missed.DropBefore(at + _refractory);
    }

    private void SearchBack(Span<long> found, ref int count)
    {
        var best = 0;
        var height = 0.0;
        for (var index = 0; index < _missed.Count; index++)
        {
            var other = _levels.Weighted(_missed.Lanes(index));
            (best, height) = other > height ? (index, other) : (best, height);
        }

        // The longer a beat is overdue the less it takes: that is what follows a sudden loss of amplitude.
        var since = _sample - _overdueFrom;
        var share = _tuning.SearchBackShare * _tuning.Overdue * Interval / since;
        best = height > Threshold(share) ? best : OfLoneLead();
        if (best >= 0)
        {
            _missed.Lanes(best).CopyTo(_lanes);
            Accept(_missed.At(best), _lanes, found, ref count);
        }
    }

    // A beat that one lead shows clearly while the others, by which it was judged, show nothing: they have lost contact or are saturated.
    private int OfLoneLead()
    {
        var best = -1;
        var most = _tuning.LoneShare;
        for (var index = 0; index < _missed.Count; index++)
        {
            var share = _levels.Lone(_missed.Lanes(index), _tuning.LoneNoise, FloorMillivolts);
            (best, most) = share > most ? (index, share) : (best, most);
        }

        return best;
    }

    // The level of beats is that of the second highest peak of two seconds, for the highest may be a start-up transient or an ectopic beat.
    private void Learn(Span<long> found, ref int count)
    {
        int highest = -1, second = -1;
        for (var index = 0; index < _missed.Count; index++)
        {
            var height = Height(index);
            if (height > Height(highest))
            {
                (highest, second) = (index, highest);
            }
            else if (height > Height(second))
            {
                second = index;
            }
        }

        if (Height(highest) < FloorMillivolts)
        {
            // Nothing moves: there is nothing to learn yet.
            _missed.Clear();
            return;
        }

        _learned = true;

        _levels.Learn(_missed.Lanes(Height(second) > LearnedShare * Height(highest) ? second : highest));
        Span<double> lanes = stackalloc double[LeadList.MaxCount];
        lanes = lanes[.._lanes.Length];
        var candidates = _missed.Count;
        for (var index = 0; index < candidates; index++)
        {
            var at = _missed.At(0);
            _missed.Lanes(0).CopyTo(lanes);
            _missed.DropBefore(at + 1);
            Judge(at, lanes, wide: false, found, ref count);
        }

        double Height(int index) => index < 0 ? 0 : _levels.Weighted(_missed.Lanes(index));
    }
}
