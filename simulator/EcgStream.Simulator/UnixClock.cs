namespace EcgStream.Simulator;

/// <summary>The device clock of the simulator's devices: the computer's, in Unix nanoseconds.</summary>
internal static class UnixClock
{
    public static long UnixNs(this TimeProvider clock) => (clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
}
