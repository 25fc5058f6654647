namespace EcgStream.Daemon.Ingest;

/// <summary>
/// Tells a replay from a live device: over the last seconds, did more signal come than time passed? The comparison begins anew every
/// <see cref="Span"/>, so that a clock that was set, or a backlog after a break, counts for no longer than that. Not thread-safe.
/// </summary>
internal sealed class RealTimeMeter(TimeProvider clock)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private long? _startTimestamp;
    private long _startUnixNs;

    public bool IsAhead(long deviceTimeUnixNs)
    {
        if (_startTimestamp is not { } start || clock.GetElapsedTime(start) > Span)
        {
            (_startTimestamp, _startUnixNs) = (clock.GetTimestamp(), deviceTimeUnixNs);
            return false;
        }

        var signal = TimeSpan.FromTicks((deviceTimeUnixNs - _startUnixNs) / TimeSpan.NanosecondsPerTick);
        return signal - clock.GetElapsedTime(start) > Margin;
    }
}
