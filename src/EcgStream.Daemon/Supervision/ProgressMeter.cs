namespace EcgStream.Daemon.Supervision;

/// <summary>When a loop last got on. One loop advances it; any thread may ask.</summary>
internal sealed class ProgressMeter(TimeProvider clock)
{
    private long _advancedAt = clock.GetTimestamp();

    public void Advance() => Volatile.Write(ref _advancedAt, clock.GetTimestamp());

    public TimeSpan SinceAdvance => clock.GetElapsedTime(Volatile.Read(ref _advancedAt));

    /// <summary>Null within the limit; else how long the loop has not got on.</summary>
    public string? Describe(string loop, TimeSpan limit) =>
        SinceAdvance is var since && since > limit ? FormattableString.Invariant($"{loop} has not got on for {since.TotalSeconds:0} s") : null;
}
