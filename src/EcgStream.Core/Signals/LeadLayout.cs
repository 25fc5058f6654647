namespace EcgStream.Core.Signals;

/// <summary>
/// The leads of a session: those that it carries, in its order, then those that follow from I and II where it does not carry them
/// (Einthoven, Goldberger). Each has one row of the session's rings. Immutable.
/// </summary>
public sealed class LeadLayout
{
    private readonly Lead[] _rows;

    public LeadLayout(LeadList carried)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(carried.Count, 1, nameof(carried));
        Carried = carried;
        LaneOfI = carried.IndexOf(Lead.I);
        LaneOfII = carried.IndexOf(Lead.II);
        var rows = new List<Lead>();
        for (var index = 0; index < carried.Count; index++)
        {
            rows.Add(carried[index]);
        }

        if (LaneOfI >= 0 && LaneOfII >= 0)
        {
            rows.AddRange(LeadDerivation.Derivable.ToArray().Where(lead => !carried.Contains(lead)));
        }

        _rows = [.. rows];
        PresentMask = _rows.Aggregate(0u, (mask, lead) => mask | lead.Bit());
    }

    /// <summary>The leads on the wire; lead <c>Carried[i]</c> has lane and row i.</summary>
    public LeadList Carried { get; }

    /// <summary>Carried, then derived leads.</summary>
    public ReadOnlySpan<Lead> Rows => _rows;

    /// <summary>Bit per lead, derived ones included.</summary>
    public uint PresentMask { get; }

    internal int LaneOfI { get; }

    internal int LaneOfII { get; }

    /// <summary>Row of a lead, or -1.</summary>
    public int RowOf(Lead lead) => Array.IndexOf(_rows, lead);

    /// <summary>Spreads what holds of carried leads to those derived from them: whatever is wrong with I or II is wrong with a lead made of them.</summary>
    public uint WithDerived(uint carriedMask) =>
        (carriedMask & (Lead.I.Bit() | Lead.II.Bit())) == 0 ? carriedMask : carriedMask | (PresentMask & ~Carried.Mask);
}
