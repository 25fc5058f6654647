namespace EcgStream.Core.Alarms;

/// <summary>
/// A running audio pause of one device. It silences sound only, never what is shown, is not journaled and so does not outlive the
/// daemon: after a restart alarms sound.
/// </summary>
/// <param name="StartedTimestamp">Timestamp of the clock that the device's alarms use.</param>
/// <param name="Duration">How long it runs from then on.</param>
/// <param name="User">Who asked for it.</param>
public sealed record AudioPause(long StartedTimestamp, TimeSpan Duration, string User)
{
    /// <summary>The countdown: what is left of it, zero when it is over.</summary>
    public TimeSpan Remaining(TimeProvider clock)
    {
        var left = Duration - clock.GetElapsedTime(StartedTimestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
