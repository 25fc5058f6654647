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

    // 200 ms: the ventricles cannot be excited again sooner.
    private const int Refractory = SampleClock.RateHz / 5;

    // A steep wave less than 360 ms after a beat is its T wave, unless it is nearly as steep as the beat.
    private const int TWaveEnd = SampleClock.RateHz * 36 / 100;
    private const double TWaveShare = 0.5;

    private const int Learning = 2 * SampleClock.RateHz;

    // A QRS complex of 0.15 mV, the most that a rate meter may ignore (EC13), has a feature of about 0.05 mV.
    private const double FloorMillivolts = 0.04;
    private const double ThresholdShare = 0.3;
    private const double SearchBackShare = 0.5;
    private const double Overdue = 1.5;
    private const int MaxCandidates = 32;

    private readonly SlopeEnergy _energy;
    private readonly int _stride;
    private readonly RecentMean _qrsLevel = new();
    private readonly RecentMean _noiseLevel = new();
    private readonly RecentMean _interval = new();
    private readonly (long At, double Height)[] _missed = new (long, double)[MaxCandidates];
    private PeakFinder _peaks = new(PeakWait);
    private int _missedCount;
    private long _sample;
    private long _lastQrs = -1;
    private bool _learned;

    public QrsDetector(int leads)
    {
        _energy = new SlopeEnergy(leads);
        _stride = LaneMath.Stride(leads);
    }

    /// <summary>The next frame is the first of a segment. What was learned of the heart's levels stays.</summary>
    public void Reset()
    {
        _energy.Reset();
        _peaks.Reset();
        _missedCount = 0;
        _sample = 0;
        _lastQrs = -1;
    }

    /// <summary>Share of every lane in the feature.</summary>
    public void SetWeights(ReadOnlySpan<double> weights) => _energy.SetWeights(weights);

    /// <summary>Takes filtered frames.</summary>
    /// <param name="frames">Frame-major, millivolts.</param>
    /// <param name="found">Gets the beats found; holds at least <see cref="MaxFound"/> of the frames.</param>
    /// <returns>Beats found.</returns>
    public int Process(ReadOnlySpan<double> frames, Span<QrsDetection> found)
    {
        var count = 0;
        for (var offset = 0; offset < frames.Length; offset += _stride)
        {
            var feature = _energy.Next(frames.Slice(offset, _stride));
            if (_peaks.Next(_sample, feature))
            {
                Judge(_peaks.At, _peaks.Height, found, ref count);
            }

            _sample++;
            if (!_learned)
            {
                if (_sample >= Learning)
                {
                    Learn(found, ref count);
                }
            }
            else if (_missedCount > 0 && IsOverdue())
            {
                SearchBack(found, ref count);
            }
        }

        return count;
    }

    /// <summary>The most beats that so many frames can bring: one per refractory time, and those of the learning time at once.</summary>
    public static int MaxFound(int frames) => ((frames + Learning) / Refractory) + 2;

    private double Threshold => Math.Max(FloorMillivolts, _noiseLevel.Value + (ThresholdShare * Math.Max(0, _qrsLevel.Value - _noiseLevel.Value)));

    private void Judge(long at, double height, Span<QrsDetection> found, ref int count)
    {
        if (!_learned)
        {
            Miss(at, height);
            return;
        }

        var since = _lastQrs < 0 ? long.MaxValue : at - _lastQrs;
        if (since < Refractory)
        {
            return;
        }

        var isTWave = since < TWaveEnd && height < TWaveShare * _qrsLevel.Value;
        if (height > Threshold && !isTWave)
        {
            Accept(at, height, false, found, ref count);
            return;
        }

        _noiseLevel.Add(height);
        if (!isTWave)
        {
            Miss(at, height);
        }
    }

    private void Accept(long at, double height, bool searchedBack, Span<QrsDetection> found, ref int count)
    {
        if (_lastQrs >= 0)
        {
            _interval.Add(at - _lastQrs);
        }

        _lastQrs = at;
        _qrsLevel.Add(height);
        found[count++] = new QrsDetection(at - SlopeEnergy.DelaySamples, searchedBack);

        // What lies behind the beat may still be one that is overdue.
        var kept = 0;
        for (var index = 0; index < _missedCount; index++)
        {
            if (_missed[index].At - at >= Refractory)
            {
                _missed[kept++] = _missed[index];
            }
        }

        _missedCount = kept;
    }

    private void Miss(long at, double height)
    {
        if (_missedCount == MaxCandidates)
        {
            // The oldest goes: with so many of them this is noise anyway.
            _missed.AsSpan(1).CopyTo(_missed);
            _missedCount--;
        }

        _missed[_missedCount++] = (at, height);
    }

    private bool IsOverdue()
    {
        var since = _sample - Math.Max(0, _lastQrs);
        return _interval.Count > 0 ? since > Overdue * _interval.Value : since > Learning;
    }

    private void SearchBack(Span<QrsDetection> found, ref int count)
    {
        var best = 0;
        for (var index = 1; index < _missedCount; index++)
        {
            best = _missed[index].Height > _missed[best].Height ? index : best;
        }

        var (at, height) = _missed[best];
        if (height > FloorMillivolts && height > SearchBackShare * Threshold)
        {
            Accept(at, height, true, found, ref count);
        }
    }

    // The levels of the first two seconds: the higher maximum, unless it stands alone as a start-up transient would.
    private void Learn(Span<QrsDetection> found, ref int count)
    {
        double first = 0, second = 0;
        for (var index = 0; index < _missedCount; index++)
        {
            var (at, height) = _missed[index];
            if (at < Learning / 2)
            {
                first = Math.Max(first, height);
            }
            else
            {
                second = Math.Max(second, height);
            }
        }

        var low = Math.Min(first, second);
        var high = Math.Max(first, second);
        _qrsLevel.Add(low > 0.4 * high ? low : high);
        _learned = true;
        Span<(long At, double Height)> candidates = stackalloc (long, double)[MaxCandidates];
        candidates = candidates[.._missedCount];
        _missed.AsSpan(0, _missedCount).CopyTo(candidates);
        _missedCount = 0;
        foreach (var (at, height) in candidates)
        {
            Judge(at, height, found, ref count);
        }
    }
}
