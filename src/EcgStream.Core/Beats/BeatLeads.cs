using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Beats;

/// <summary>
/// Which leads a beat is looked at in. Up to four rows of a session are candidates: the two best limb leads or substitutes (II, MLII, ECG, I, V5, …) and the two best chest
/// leads or substitutes (V1, MCL1, V2, V5, …). Of these the first good limb row and the first good chest row are taken.
/// A lead is usable when its electrodes were on, it was not saturated and the QRS complex is over 50 µV; it is good when it was not flat or noisy either.
/// </summary>
internal sealed class BeatLeads
{
    public const int MaxCandidates = 4;

    private static readonly Lead[] First =
        [
            Lead.II, Lead.MLII, Lead.Ecg, Lead.I, Lead.V5, Lead.V4, Lead.V6, Lead.V3, Lead.V2, Lead.V, Lead.MCL1, Lead.V1, Lead.Ecg2, Lead.AVF, Lead.III, Lead.AVL, Lead.AVR,
        ];

    private static readonly Lead[] Second =
        [
            Lead.V1, Lead.MCL1, Lead.V2, Lead.V5, Lead.V4, Lead.V3, Lead.V6, Lead.V, Lead.Ecg2, Lead.I, Lead.II, Lead.MLII, Lead.Ecg, Lead.AVF, Lead.III, Lead.AVL, Lead.AVR,
        ];

    private readonly int[] _rows;

    public BeatLeads(LeadLayout layout)
    {
        var rows = new List<int>();
        for (var pair = 0; pair < MaxCandidates / 2; pair++)
        {
            Add(rows, First, layout);
            Add(rows, Second, layout);
        }

        // Limb, chest, limb, chest → limb, limb, chest, chest.
        _rows = [.. rows.Where((_, index) => index % 2 == 0), .. rows.Where((_, index) => index % 2 == 1)];
        LimbCount = (rows.Count + 1) / 2;
    }

    /// <summary>Rows of the rings; the limb ones first.</summary>
    public ReadOnlySpan<int> Rows => _rows;

    private int LimbCount { get; }

    /// <summary>Chooses among candidates (bits by their place in <see cref="Rows"/>).</summary>
    /// <returns>Places in <see cref="Rows"/>; -1 where there is none.</returns>
    public (int First, int Second) Choose(uint good, uint usable)
    {
        var first = Find(0, _rows.Length, good);
        first = first >= 0 ? first : Find(0, _rows.Length, usable);
        if (first < 0)
        {
            return (-1, -1);
        }

        var others = ~(1u << first);
        var second = Pick(good & others);
        return (first, second >= 0 ? second : Pick(usable & others));
    }

    private int Pick(uint bits)
    {
        var chest = Find(LimbCount, _rows.Length, bits);
        return chest >= 0 ? chest : Find(0, LimbCount, bits);
    }

    private static int Find(int from, int to, uint bits)
    {
        for (var place = from; place < to; place++)
        {
            if ((bits & (1u << place)) != 0)
            {
                return place;
            }
        }

        return -1;
    }

    private static void Add(List<int> rows, Lead[] order, LeadLayout layout)
    {
        foreach (var lead in order)
        {
            if (layout.RowOf(lead) is >= 0 and var row && !rows.Contains(row))
            {
                rows.Add(row);
                return;
            }
        }
    }
}
