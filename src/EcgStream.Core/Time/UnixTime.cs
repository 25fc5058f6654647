namespace EcgStream.Core.Time;

/// <summary>Nanoseconds since 1970-01-01 UTC, the unit of both clocks on every chunk and result.</summary>
public static class UnixTime
{
    public static long ToUnixNs(this DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;

    /// <summary>The moment, to the 100 ns that <see cref="DateTimeOffset"/> holds.</summary>
    public static DateTimeOffset FromUnixNs(long unixNs) => DateTimeOffset.UnixEpoch.AddTicks(unixNs / TimeSpan.NanosecondsPerTick);
}
