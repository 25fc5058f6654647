namespace EcgStream.Core.Beats;

/// <summary>Peaks since the last beat that were not taken for one, with their features per lead. Bounded: the oldest goes first. One thread.</summary>
internal sealed class QrsCandidates(int leads)
{
    public const int Capacity = 32;

    private readonly long[] _at = new long[Capacity];
    private readonly double[] _lanes = new double[Capacity * leads];

    public int Count { get; private set; }

    public long At(int index) => _at[index];

    public ReadOnlySpan<double> Lanes(int index) => _lanes.AsSpan(index * leads, leads);

    public void Clear() => Count = 0;

    public void Add(long at, ReadOnlySpan<double> lanes)
    {
        if (Count == Capacity)
        {
            DropFirst(1);
        }

        _at[Count] = at;
        lanes.CopyTo(_lanes.AsSpan(Count * leads, leads));
        Count++;
    }

    /// <summary>Drops those before a sample.</summary>
    public void DropBefore(long at)
    {
        var drop = 0;
        while (drop < Count && _at[drop] < at)
        {
            drop++;
        }

        DropFirst(drop);
    }

    private void DropFirst(int count)
    {
        _at.AsSpan(count, Count - count).CopyTo(_at);
        _lanes.AsSpan(count * leads, (Count - count) * leads).CopyTo(_lanes);
        Count -= count;
    }
}
