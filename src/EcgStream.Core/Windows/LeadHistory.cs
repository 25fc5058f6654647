using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>
/// When each lead was last not as it should be, as sample indices of the running segment. That is all a window's marks need: a window that ends now was
/// touched exactly when the last affected sample lies behind its start.
/// </summary>
public sealed class LeadHistory
{
    private readonly LeadLayout _layout;
    private readonly long[] _offUntil;
    private readonly long[] _poorUntil;
    private readonly long[] _saturatedUntil;
    private long _interpolatedUntil;

    public LeadHistory(LeadLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        _layout = layout;
        _offUntil = new long[layout.Rows.Length];
        _poorUntil = new long[layout.Rows.Length];
        _saturatedUntil = new long[layout.Rows.Length];
    }

    public void Clear()
    {
        Array.Clear(_offUntil);
        Array.Clear(_poorUntil);
        Array.Clear(_saturatedUntil);
        _interpolatedUntil = 0;
    }

    /// <summary>Samples before <paramref name="until"/> were interpolated, the newest of them lately.</summary>
    public void Interpolated(long until) => _interpolatedUntil = until;

    /// <summary>Leads (bits) that were off up to a sample.</summary>
    public void Off(uint leads, long until) => Set(_offUntil, leads, until);

    /// <summary>Leads (bits) that were flat, saturated or noisy up to a sample.</summary>
    public void Poor(uint leads, long until) => Set(_poorUntil, leads, until);

    /// <summary>Leads (bits) that were saturated up to a sample.</summary>
    public void Saturated(uint leads, long until) => Set(_saturatedUntil, leads, until);

    /// <summary>An electrode of the row's lead was off from a sample on.</summary>
    public bool WasOff(int row, long since) => _offUntil[row] > since;

    /// <summary>The row was saturated from a sample on.</summary>
    public bool WasSaturated(int row, long since) => _saturatedUntil[row] > since;

    /// <summary>The row was flat, saturated or noisy from a sample on.</summary>
    public bool WasPoor(int row, long since) => _poorUntil[row] > since;

    /// <summary>The row that has been good for the longest time; the first of them when several have.</summary>
    public int BestRow()
    {
        var best = 0;
        for (var row = 1; row < _offUntil.Length; row++)
        {
            best = Math.Max(_offUntil[row], _poorUntil[row]) < Math.Max(_offUntil[best], _poorUntil[best]) ? row : best;
        }

        return best;
    }

    /// <summary>Marks of a window of these rows that begins at a sample and ends now.</summary>
    public WindowMarks Marks(ReadOnlySpan<int> rows, long start)
    {
        var marks = _interpolatedUntil > start ? WindowMarks.Interpolated : WindowMarks.None;
        foreach (var row in rows)
        {
            marks |= _offUntil[row] > start ? WindowMarks.LeadOff : WindowMarks.None;
            marks |= _poorUntil[row] > start ? WindowMarks.PoorQuality : WindowMarks.None;
        }

        return marks;
    }

    private void Set(long[] until, uint leads, long index)
    {
        if (leads == 0)
        {
            return;
        }

        var rows = _layout.Rows;
        for (var row = 0; row < rows.Length; row++)
        {
            if ((leads & rows[row].Bit()) != 0)
            {
                until[row] = index;
            }
        }
    }
}
