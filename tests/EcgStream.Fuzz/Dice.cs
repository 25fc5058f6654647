namespace EcgStream.Fuzz;

/// <summary>SplitMix64: a stream of numbers from (seed, input index), so that one input is made again without those before it.</summary>
internal struct Dice(ulong state)
{
    private ulong _state = state;

    public static Dice For(ulong seed, long index) => new(seed ^ ((ulong)index * 0xD1342543DE82EF95));

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1; 0 where the limit is 0.</summary>
    public int Next(int limit) => limit <= 0 ? 0 : (int)(Next() % (ulong)limit);

    public bool OneIn(int count) => Next(count) == 0;
}
