namespace EcgStream.Core.Batching;

/// <summary>
/// The batch sizes that a model is run with. A batch is padded to the next one, so that every size the runtime sees has been warmed up before.
/// </summary>
public sealed class BatchSizes
{
    private readonly int[] _sizes;

    private BatchSizes(int[] sizes) => _sizes = sizes;

    /// <summary>Rising; the last is the largest batch.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    public int Largest => _sizes[^1];

    /// <summary>1, 2, 4, … and the largest itself.</summary>
    public static BatchSizes PowersOfTwo(int largest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, 1);
        var sizes = new List<int>();
        for (var size = 1; size < largest; size *= 2)
        {
            sizes.Add(size);
        }

        sizes.Add(largest);
        return new BatchSizes([.. sizes]);
    }

    /// <exception cref="ArgumentException">They do not rise from 1 or more.</exception>
    public static BatchSizes Of(IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count == 0 || sizes[0] < 1)
        {
            throw new ArgumentException("Batch sizes begin with 1 or more", nameof(sizes));
        }

        for (var index = 1; index < sizes.Count; index++)
        {
            if (sizes[index] <= sizes[index - 1])
            {
                throw new ArgumentException($"Batch sizes must rise: {sizes[index]} follows {sizes[index - 1]}", nameof(sizes));
            }
        }

        return new BatchSizes([.. sizes]);
    }

    /// <returns>Index of the smallest size that holds so many windows.</returns>
    public int IndexFor(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Largest);
        var index = 0;
        while (_sizes[index] < count)
        {
            index++;
        }

        return index;
    }
}
