using System.Collections.Concurrent;

namespace EcgStream.Core.Windows;

/// <summary>
/// Buffers for the windows of one model. Bounded: at most <see cref="Capacity"/> windows are out at a time, and a rent beyond that
/// fails, which the caller counts as a dropped window. Any thread may rent and return.
/// </summary>
public sealed class RhythmWindowPool
{
    private readonly ConcurrentQueue<RhythmWindow> _free = new();
    private readonly ConcurrentQueue<WindowSamples> _freeSamples = new();
    private int _out;

    public RhythmWindowPool(WindowRecipe recipe, int capacity)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Recipe = recipe;
        Capacity = capacity;
    }

    public WindowRecipe Recipe { get; }

    public int Capacity { get; }

    /// <summary>Windows that are rented now.</summary>
    public int Rented => Volatile.Read(ref _out);

    /// <returns>A window whose content is undefined, or null when <see cref="Capacity"/> are out.</returns>
    public RhythmWindow? TryRent()
    {
        var window = Take();
        window?.MarkRented((_freeSamples.TryDequeue(out var samples) ? samples : new WindowSamples(this, Recipe.InputLength)).Hold());
        return window;
    }

    /// <summary>Rents a window that shows the samples of another one, which the caller holds and whose recipe <see cref="WindowRecipe.PreparesLike">prepares like</see> this pool's.</summary>
    /// <returns>Null when <see cref="Capacity"/> are out.</returns>
    public RhythmWindow? TryRentLike(RhythmWindow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var window = Take();
        window?.MarkRented(other.Samples.Hold());
        return window;
    }

    internal void Take(RhythmWindow window)
    {
        _free.Enqueue(window);
        Interlocked.Decrement(ref _out);
    }

    internal void Take(WindowSamples samples) => _freeSamples.Enqueue(samples);

    private RhythmWindow? Take()
    {
        if (Interlocked.Increment(ref _out) > Capacity)
        {
            Interlocked.Decrement(ref _out);
            return null;
        }

        return _free.TryDequeue(out var window) ? window : new RhythmWindow(this, Recipe);
    }
}
