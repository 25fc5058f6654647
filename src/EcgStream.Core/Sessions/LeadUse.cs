using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Sessions;

/// <summary>Which leads of a session are off, saturated or usable now, and since when any could be analysed. One thread.</summary>
internal sealed class LeadUse
{
    // A lead that comes back swings for a while: the high-pass needs its time.
    private const int SettleSamples = SampleClock.RateHz / 2;

    // From the rail the high-pass comes back in a second, and what it does meanwhile looks like waves.
    private const int SaturationSettleSamples = SampleClock.RateHz * 5 / 4;

    // A chunk that stands at the rails for half its time shows no ECG.
    private const double SaturatedShare = 0.5;

    private readonly LeadLayout _layout;
    private readonly long[] _settledAt;
    private readonly int[] _rails = new int[LeadList.MaxCount];
    private readonly bool[] _saturated = new bool[LeadList.MaxCount];
    private int _railSamples;

    public LeadUse(LeadLayout layout)
    {
        _layout = layout;
        _settledAt = new long[layout.Carried.Count];
        History = new LeadHistory(layout);
    }

    public LeadHistory History { get; }

    /// <summary>Bits of the leads, derived ones included, that an electrode's loss takes away now.</summary>
    public uint Off { get; private set; }

    /// <summary>Bits of the carried leads that beats may be looked for in.</summary>
    public uint Usable { get; private set; }

    public long? AnalysableSinceUnixNs { get; private set; }

    public void Reset()
    {
        History.Clear();
        Array.Clear(_settledAt);
        Array.Clear(_saturated);
        AnalysableSinceUnixNs = null;
    }

    public void BeginChunk(uint electrodesOff, long sample)
    {
        Off = _layout.WithDerived(Electrodes.LeadsOff(electrodesOff, _layout.Carried));
        Array.Clear(_rails);
        _railSamples = 0;
        Usable = 0;
        for (var lane = 0; lane < _settledAt.Length; lane++)
        {
            var bit = _layout.Carried[lane].Bit();
            if ((Off & bit) != 0)
            {
                _settledAt[lane] = long.MaxValue;
                continue;
            }

            if (_settledAt[lane] == long.MaxValue)
            {
                _settledAt[lane] = sample + SettleSamples;
            }

            // What a chunk shows is known when it is over: its own first samples were still listened to.
            if (_saturated[lane])
            {
                _settledAt[lane] = sample + SaturationSettleSamples;
            }

            Usable |= sample >= _settledAt[lane] ? bit : 0;
        }
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

    /// <param name="chunkStartUnixNs">Device clock at the chunk's first sample.</param>
    public void EndChunk(long chunkStartUnixNs)
    {
        var analysable = false;
        for (var lane = 0; lane < _settledAt.Length; lane++)
        {
            _saturated[lane] = _rails[lane] > SaturatedShare * _railSamples;
            analysable |= (Off & _layout.Carried[lane].Bit()) == 0 && !_saturated[lane];
        }

        AnalysableSinceUnixNs = analysable ? AnalysableSinceUnixNs ?? chunkStartUnixNs : null;
    }
}
