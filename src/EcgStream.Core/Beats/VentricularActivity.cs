namespace EcgStream.Core.Beats;

/// <summary>
/// What the newest classified beats amount to: runs of ventricular beats, bigeminy, how many came within a minute. Constant memory, one thread.
/// A beat of class Q neither makes nor breaks a run when it stands alone among ventricular beats of the same pace; two of them break it.
/// </summary>
internal sealed class VentricularActivity
{
    /// <summary>Ventricular beats within a minute that are kept: 300 per minute and some.</summary>
    private const int MostPerMinute = 320;

    private const long MinuteNs = 60_000_000_000;
    private const int Reference = 8;

    /// <summary>Probability from which a beat called normal is taken for one within a fast run. Set on the tuning half of the 2015 challenge, as the next two.</summary>
    private const float SurelyNormal = 0.85f;

    private const double ShortestMilliseconds = 240;
    private const double MostUneven = 2.2;
    private const int Recent = 16;

    private readonly (long UnixNs, BeatClass Class, float Probability, bool AfterGap)[] _recent = new (long, BeatClass, float, bool)[Recent];
    private readonly long[] _times = new long[MostPerMinute];
    private readonly long[] _run = new long[MostPerMinute];
    private readonly double[] _reference = new double[Reference];
    private int _recentCount;
    private int _timesCount;
    private int _referenceCount;
    private int _unknownInRow;
    private bool _lastWasVentricular;
    private int _othersSinceRun;

    /// <summary>Device clock of the newest beat.</summary>
    public long NewestUnixNs { get; private set; }

    /// <summary>Whether the newest beat is ventricular.</summary>
    public bool NewestIsVentricular { get; private set; }

    /// <summary>Ventricular beats in the run that the newest beat belongs to, or 0.</summary>
    public int RunLength { get; private set; }

    /// <summary>Length of the run that the newest beat ended, or 0.</summary>
    public int EndedRunLength { get; private set; }

    public long RunStartUnixNs { get; private set; }

    public long LastVentricularUnixNs { get; private set; } = long.MinValue;

    /// <summary>Beats since the last ventricular one.</summary>
    public int OthersSinceVentricular { get; private set; }

    /// <summary>Ventricular beats in a row that had one other beat between each two, ended by the newest.</summary>
    public int BigeminyCycles { get; private set; }

    /// <summary>The same with two other beats between.</summary>
    public int TrigeminyCycles { get; private set; }

    /// <summary>Interval before the newest beat over the mean of the last intervals between beats that were not ventricular; 0 = not known.</summary>
    public double Prematurity { get; private set; }

    /// <summary>Ventricular beats within the minute that ends with the newest beat.</summary>
    public int PerMinute { get; private set; }

    /// <summary>
    /// Rate over the newest beats if they can be a tachycardia of the ventricles, else 0. The first of them is ectopic, at least half are ventricular, the others not surely
    /// normal (supraventricular, unknown, or normal with less than <see cref="SurelyNormal"/>): a model takes single beats of a run for something else. And they come as beats of a
    /// heart can: none less than 240 ms after the one before, no interval more than 2.2 times another. Artefacts that look like ventricular beats mostly do not.
    /// </summary>
    public double FastRateBpm(int beats)
    {
        if (beats > _recentCount || beats < 2)
        {
            return 0;
        }

        var ventricular = 0;
        double shortest = double.MaxValue, longest = 0;
        for (var back = 0; back < beats; back++)
        {
            var beat = _recent[back];
            ventricular += beat.Class == BeatClass.V ? 1 : 0;
            if (beat.Class is BeatClass.N or BeatClass.F && (back == beats - 1 || beat.Probability >= SurelyNormal))
            {
                return 0;
            }

            if (back < beats - 1)
            {
                if (beat.AfterGap)
                {
                    return 0;
                }

                var interval = (beat.UnixNs - _recent[back + 1].UnixNs) / 1e6;
                (shortest, longest) = (Math.Min(shortest, interval), Math.Max(longest, interval));
            }
        }

        var span = _recent[0].UnixNs - _recent[beats - 1].UnixNs;
        return 2 * ventricular >= beats && shortest >= ShortestMilliseconds && longest <= MostUneven * shortest ? (beats - 1) * 60e9 / span : 0;
    }

    /// <summary>Device clock of a beat some beats before the newest.</summary>
    public long TimeOf(int back) => _recent[back].UnixNs;

    /// <summary>Rate over the last beats of the present run, per minute; 0 when it is shorter than that.</summary>
    public double RunRateBpm(int beats)
    {
        if (RunLength < beats || beats < 2 || beats > _run.Length)
        {
            return 0;
        }

        var last = _run[(RunLength - 1) % _run.Length];
        var first = _run[(RunLength - beats) % _run.Length];
        return last > first ? (beats - 1) * 60e9 / (last - first) : 0;
    }

    public void Reset()
    {
        _recentCount = 0;
        _timesCount = 0;
        _referenceCount = 0;
        Break();
        LastVentricularUnixNs = long.MinValue;
        PerMinute = 0;
        Prematurity = 0;
        NewestUnixNs = 0;
    }

    public void Add(in ClassifiedBeat beat)
    {
        var time = beat.Beat.TimeUnixNs;
        if (time < NewestUnixNs)
        {
            Reset(); // the device's clock was set back
        }

        var gap = beat.Beat.RrMilliseconds is null || NewestUnixNs == 0;

        if (gap)
        {
            Break();
        }

        var rr = gap ? 0 : (time - NewestUnixNs) / 1e6;
        NewestUnixNs = time;
        EndedRunLength = 0;
        _recent.AsSpan(0, Recent - 1).CopyTo(_recent.AsSpan(1));
        _recent[0] = (time, beat.Class, beat.Probability, gap);
        _recentCount = Math.Min(Recent, _recentCount + 1);
        var ventricular = beat.Class == BeatClass.V;
        Measure(rr, ventricular);
        if (ventricular)
        {
            AddVentricular(time);
        }
        else
        {
            AddOther(beat.Class == BeatClass.Q);
        }

        NewestIsVentricular = ventricular;
        Forget(time);
    }

    private void Measure(double rr, bool ventricular)
    {
        var mean = 0.0;
        for (var i = 0; i < _referenceCount; i++)
        {
            mean += _reference[i] / _referenceCount;
        }

        Prematurity = mean > 0 && rr > 0 ? rr / mean : 0;
        if (rr > 0 && !ventricular && !_lastWasVentricular)
        {
            _reference.AsSpan(0, Reference - 1).CopyTo(_reference.AsSpan(1));
            _reference[0] = rr;
            _referenceCount = Math.Min(Reference, _referenceCount + 1);
        }

        _lastWasVentricular = ventricular;
    }

    private void AddVentricular(long time)
    {
        if (RunLength == 0)
        {
            RunStartUnixNs = time;
            BigeminyCycles = OthersSinceVentricular == 1 && LastVentricularUnixNs != long.MinValue ? BigeminyCycles + 1 : 1;
            TrigeminyCycles = OthersSinceVentricular == 2 && LastVentricularUnixNs != long.MinValue ? TrigeminyCycles + 1 : 1;
        }
        else
        {
            (BigeminyCycles, TrigeminyCycles) = (0, 0);
        }

        _run[RunLength % _run.Length] = time;
        RunLength++;
        _unknownInRow = 0;
        _othersSinceRun = 0;
        OthersSinceVentricular = 0;
        LastVentricularUnixNs = time;
        if (_timesCount == MostPerMinute)
        {
            _times.AsSpan(1).CopyTo(_times);
            _timesCount--;
        }

        _times[_timesCount++] = time;
    }

    private void AddOther(bool unknown)
    {
        OthersSinceVentricular++;
        _unknownInRow = unknown ? _unknownInRow + 1 : 0;
        _othersSinceRun++;
        if (RunLength > 0 && !(unknown && _unknownInRow == 1 && RunLength > 1))
        {
            EndedRunLength = RunLength;
            RunLength = 0;
        }

        BigeminyCycles = OthersSinceVentricular > 1 ? 0 : BigeminyCycles;
        TrigeminyCycles = OthersSinceVentricular > 2 ? 0 : TrigeminyCycles;
    }

    private void Break()
    {
        RunLength = 0;
        EndedRunLength = 0;
        BigeminyCycles = 0;
        TrigeminyCycles = 0;
        OthersSinceVentricular = 0;
        _unknownInRow = 0;
        _lastWasVentricular = true; // the interval over a gap is no reference
    }

    private void Forget(long now)
    {
        var old = 0;
        while (old < _timesCount && _times[old] <= now - MinuteNs)
        {
            old++;
        }

        if (old > 0)
        {
            _times.AsSpan(old, _timesCount - old).CopyTo(_times);
            _timesCount -= old;
        }

        PerMinute = _timesCount;
    }
}
