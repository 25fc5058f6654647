using System.Collections.Concurrent;

namespace EcgStream.Core.Windows;

/// <summary>
/// Buffers for the windows of one model. Bounded: at most <see cref="Capacity"/> windows are out at a time, and a rent beyond that
/// fails, which the caller counts as a dropped window. Any thread may rent and return.
/// </summary>
public sealed class RhythmWindowPool
{
    private readonly ConcurrentQueue<RhythmWindow> _free = new();
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
        if (Interlocked.Increment(ref _out) > Capacity)
        {
            Interlocked.Decrement(ref _out);
            return null;
        }

        if (!_free.TryDequeue(out var window))
        {
            window = new RhythmWindow(this, Recipe);
        }

        window.MarkRented();
        return window;
    }

    internal void Take(RhythmWindow window)
    {
        _free.Enqueue(window);
        Interlocked.Decrement(ref _out);
    }
}
