namespace EcgStream.Core.Windows;

/// <summary>
/// The prepared samples of a window. Windows of several models hold one together when the models prepare alike; the last of them to be returned gives it
/// back to the pool that made it.
/// </summary>
internal sealed class WindowSamples(RhythmWindowPool home, int length)
{
    private int _holders;

    public float[] Values { get; } = GC.AllocateUninitializedArray<float>(length);

    /// <summary>One more window holds it; at least one other does, or it comes fresh from its pool.</summary>
    public WindowSamples Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            home.Take(this);
        }
    }
}
