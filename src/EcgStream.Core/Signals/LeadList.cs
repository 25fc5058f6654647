namespace EcgStream.Core.Signals;

/// <summary>
/// Up to 16 different leads in a given order, stored in the value itself, so that a chunk's header can be copied and compared without allocation.
/// </summary>
public struct LeadList : IEquatable<LeadList>
{
    /// <summary>As many as fit into the value; a device with more is refused.</summary>
    public const int MaxCount = 16;

    private ulong _low;
    private ulong _high;

    public int Count { get; private set; }

    /// <summary>Bit per lead, <c>1 &lt;&lt; (int)Lead</c>.</summary>
    public uint Mask { get; private set; }

    public readonly Lead this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return (Lead)(byte)((index < 8 ? _low : _high) >> ((index & 7) * 8));
        }
    }

    /// <summary>Adds a lead at the end.</summary>
    /// <returns>False when it is no lead, is in the list already, or the list is full.</returns>
    public bool TryAdd(Lead lead)
    {
        if (Count == MaxCount || !LeadNames.IsDefined((int)lead) || Contains(lead))
        {
            return false;
        }

        var shifted = (ulong)lead << ((Count & 7) * 8);
        if (Count < 8)
        {
            _low |= shifted;
        }
        else
        {
            _high |= shifted;
        }

        Count++;
        Mask |= lead.Bit();
        return true;
    }

    public readonly bool Contains(Lead lead) => (Mask & lead.Bit()) != 0;

    /// <summary>Place of a lead, or -1.</summary>
    public readonly int IndexOf(Lead lead)
    {
        for (var index = 0; index < Count; index++)
        {
            if (this[index] == lead)
            {
                return index;
            }
        }

        return -1;
    }

    /// <exception cref="ArgumentException">A lead comes twice or is none.</exception>
    public static LeadList Of(params ReadOnlySpan<Lead> leads)
    {
        var list = default(LeadList);
        foreach (var lead in leads)
        {
            if (!list.TryAdd(lead))
            {
                throw new ArgumentException($"Lead {lead} comes twice or is not a lead", nameof(leads));
            }
        }

        return list;
    }

    public readonly bool Equals(LeadList other) => _low == other._low && _high == other._high && Count == other.Count;

    public override readonly bool Equals(object? obj) => obj is LeadList other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_low, _high);

    public override readonly string ToString()
    {
        var names = new string[Count];
        for (var index = 0; index < names.Length; index++)
        {
            names[index] = this[index].Name();
        }

        return string.Join(' ', names);
    }

    public static bool operator ==(LeadList left, LeadList right) => left.Equals(right);

    public static bool operator !=(LeadList left, LeadList right) => !left.Equals(right);
}
