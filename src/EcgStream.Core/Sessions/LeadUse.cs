using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Sessions;

/// <summary>
/// Which leads of a session are off, saturated or usable now, and since when any could be analysed. Judged on the session's own ticks, never at the ends of chunks.
/// Samples are those of the session at 500 Hz. One thread.
/// </summary>
internal sealed class LeadUse
{
    /// <summary>A time without any lead, or without samples, up to this long ends nothing that was going on.</summary>
    public const int ShortSamples = 2 * SampleClock.RateHz;

    // A lead that comes back swings for a while: the high-pass needs its time. Behind a short loss it is taken up where it was.
    private const int SettleSamples = SampleClock.RateHz / 2;
    private const int ShortSettleSamples = SampleClock.RateHz / 10;

    // From the rail the high-pass comes back in a second, and what it does meanwhile looks like waves.
    private const int SaturationSettleSamples = SampleClock.RateHz * 5 / 4;

    // Two ticks that stand at the rails for half their time show no ECG.
    private const double SaturatedShare = 0.5;

    private readonly LeadLayout _layout;
    private readonly long[] _settledAt;
    private readonly long[] _offFrom;
    private readonly int[] _rails = new int[LeadList.MaxCount];
    private readonly int[] _railsBefore = new int[LeadList.MaxCount];
    private int _railSamples;
    private int _railSamplesBefore;
    private uint _saturated;
    private uint? _electrodesOff;
    private long _lostFrom = -1;

    public LeadUse(LeadLayout layout)
    {
        _layout = layout;
        _settledAt = new long[layout.Carried.Count];
        _offFrom = new long[layout.Carried.Count];
        History = new LeadHistory(layout);
    }

    public LeadHistory History { get; }

    /// <summary>Bits of the leads, derived ones included, that an electrode's loss takes away now.</summary>
    public uint Off { get; private set; }

    /// <summary>The same by the places of the carried leads.</summary>
    public uint OffLanes { get; private set; }

    /// <summary>Bits of the carried leads that beats may be looked for in.</summary>
    public uint Usable { get; private set; }

    /// <summary>Sample from which some lead could be analysed, breaks of up to 2 s apart; null when none can now.</summary>
    public long? AnalysableSince => _lostFrom < 0 ? Since : null;

    private long Since { get; set; }

    /// <summary>A long gap: what was analysed before it says nothing of the time behind it.</summary>
    public void Break(long sample)
    {
        Since = sample;
        _lostFrom = _lostFrom < 0 ? -1 : sample;
    }

    /// <summary>The electrodes as the next samples were taken with.</summary>
    public void SetElectrodes(uint electrodesOff, long sample)
    {
        if (electrodesOff == _electrodesOff)
        {
            return;
        }

        if (_electrodesOff is null)
        {
            Since = sample;
            Array.Fill(_settledAt, sample);
        }

        _electrodesOff = electrodesOff;
        Off = _layout.WithDerived(Electrodes.LeadsOff(electrodesOff, _layout.Carried));
        OffLanes = 0;
        for (var lane = 0; lane < _settledAt.Length; lane++)
        {
            if ((Off & _layout.Carried[lane].Bit()) != 0)
            {
                OffLanes |= 1u << lane;
                _offFrom[lane] = _settledAt[lane] == long.MaxValue ? _offFrom[lane] : sample;
                _settledAt[lane] = long.MaxValue;
            }
            else if (_settledAt[lane] == long.MaxValue)
            {
                _settledAt[lane] = sample + (sample - _offFrom[lane] <= ShortSamples ? ShortSettleSamples : SettleSamples);
            }
        }

        // A lead that goes is held where it was, and looked at until the tick is over: a QRS complex right before is still told of.
        Judge(sample, Usable);
    }

    public void AddRails(ReadOnlySpan<int> perLane, int samples)
    {
        for (var lane = 0; lane < _settledAt.Length; lane++)
        {
            _rails[lane] += perLane[lane];
        }

        _railSamples += samples;
    }

    /// <summary>Samples up to this one went through the filter with the leads as they are now.</summary>
    public void Passed(long samples) => History.Off(Off, samples);

    /// <summary>A tick of the session is over.</summary>
    public void Tick(long sample)
    {
        _saturated = 0;
        for (var lane = 0; lane < _settledAt.Length; lane++)
        {
            // What the tick shows is known when it is over: its own samples were still listened to.
            if (_rails[lane] + _railsBefore[lane] > SaturatedShare * (_railSamples + _railSamplesBefore))
            {
                _saturated |= 1u << lane;
                _settledAt[lane] = _settledAt[lane] == long.MaxValue ? long.MaxValue : sample + SaturationSettleSamples;
            }

            (_railsBefore[lane], _rails[lane]) = (_rails[lane], 0);
        }

        (_railSamplesBefore, _railSamples) = (_railSamples, 0);
        Judge(sample, 0);
    }

    private void Judge(long sample, uint stays)
    {
        Usable = stays;
        for (var lane = 0; lane < _settledAt.Length; lane++)
        {
            Usable |= sample >= _settledAt[lane] ? _layout.Carried[lane].Bit() : 0;
        }

        var all = (1u << _settledAt.Length) - 1;
        if (((OffLanes | _saturated) & all) == all)
        {
            _lostFrom = _lostFrom < 0 ? sample : _lostFrom;
        }
        else if (_lostFrom >= 0)
        {
            Since = sample - _lostFrom <= ShortSamples ? Since : sample;
            _lostFrom = -1;
        }
    }
}
