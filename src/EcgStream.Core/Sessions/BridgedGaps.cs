using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>The last gaps that were filled, in samples of the session: whoever looks at the signal around them leaves them out. One thread.</summary>
internal sealed class BridgedGaps
{
    // More in the last seconds, and there is not enough signal left to look at.
    private const int Kept = 8;
    private const int Reach = 10 * SampleClock.RateHz;

    private readonly (long From, long To)[] _gaps = new (long, long)[Kept + 1];
    private int _count;

    public void Clear() => _count = 0;

    public void Add(long from, long to)
    {
        if (_count == Kept)
        {
            _gaps.AsSpan(1, Kept - 1).CopyTo(_gaps);
            _count--;
        }

        _gaps[_count++] = (from, to);
    }

    /// <summary>Those of the last ten seconds, oldest first.</summary>
    /// <param name="now">Samples so far.</param>
    /// <param name="openFrom">Where one begins that is being filled; <paramref name="now"/> when none is.</param>
    public ReadOnlySpan<(long From, long To)> Since(long now, long openFrom)
    {
        var first = 0;
        while (first < _count && _gaps[first].To <= now - Reach)
        {
            first++;
        }

        if (openFrom == now)
        {
            return _gaps.AsSpan(first, _count - first);
        }

        _gaps[_count] = (openFrom, now);
        return _gaps.AsSpan(first, _count - first + 1);
    }
}
