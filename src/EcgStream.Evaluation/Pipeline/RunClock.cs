namespace EcgStream.Evaluation.Pipeline;

/// <summary>
/// The clock of one run: device time is the only time there is, so a run gives the same to the last bit however fast the machine is. Timestamps are device
/// nanoseconds, so <c>IngestTimestamp</c> of whatever comes out says at which device time the deciding chunk was complete. One thread.
/// </summary>
internal sealed class RunClock(long startUnixNs) : TimeProvider
{
    /// <summary>Device clock now.</summary>
    public long UnixNs { get; set; } = startUnixNs;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => UnixNs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(UnixNs / NanosecondsPerTick);

    private const long NanosecondsPerTick = TimeSpan.NanosecondsPerTick;
}
