using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Beats;

/// <summary>Puts a detected QRS complex on its R peak: the largest deflection of the preferred usable lead within 60 ms of the complex's middle.</summary>
internal sealed class BeatLocator
{
    private const int Reach = SampleClock.RateHz * 6 / 100;

    private static readonly Lead[] Preferred = [Lead.II, Lead.MLII, Lead.Ecg, Lead.I, Lead.V5, Lead.V2];

    private readonly int[] _order;
    private readonly LeadLayout _layout;

    public BeatLocator(LeadLayout layout)
    {
        _layout = layout;
        var lanes = Enumerable.Range(0, layout.Carried.Count).ToList();
        _order = [.. Preferred.Select(layout.Carried.IndexOf).Where(lane => lane >= 0).Concat(lanes).Distinct()];
    }

    /// <param name="rings">The filtered signal.</param>
    /// <param name="total">Samples of the segment so far, the newest in the rings included.</param>
    /// <param name="middle">Middle of the complex.</param>
    /// <param name="unusable">Bits of the carried leads not to look at.</param>
    /// <param name="lead">The lead looked at.</param>
    /// <param name="millivolts">Signal at the peak.</param>
    /// <returns>Index of the peak.</returns>
    public long Locate(SampleRings rings, long total, long middle, uint unusable, out Lead lead, out float millivolts)
    {
        var lane = _order[0];
        foreach (var candidate in _order)
        {
            if ((unusable & _layout.Carried[candidate].Bit()) == 0)
            {
                lane = candidate;
                break;
            }
        }

        lead = _layout.Carried[lane];
        var oldest = total - rings.Count(lane);
        var from = Math.Max(oldest, middle - Reach);
        var to = Math.Min(total, middle + Reach + 1);
        if (from >= to)
        {
            millivolts = 0;
            return Math.Max(0, middle);
        }

        Span<float> window = stackalloc float[(2 * Reach) + 1];
        window = window[..(int)(to - from)];
        rings.Copy(lane, (int)(total - to), window);
        var best = 0;
        for (var index = 1; index < window.Length; index++)
        {
            best = Math.Abs(window[index]) > Math.Abs(window[best]) ? index : best;
        }

        millivolts = window[best];
        return from + best;
    }
}
