using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>One heart beat.</summary>
/// <param name="DeviceId">Whose beat.</param>
/// <param name="SessionId">Session of the device.</param>
/// <param name="TimeUnixNs">Device clock of the R peak (the largest deflection of the QRS complex), corrected by the filter's delay.</param>
/// <param name="RrMilliseconds">Time since the beat before; null after a start, a gap over 40 ms or a time without a usable lead.</param>
/// <param name="AmplitudeMillivolts">The filtered signal at the R peak, with its sign.</param>
/// <param name="Lead">The lead in which it was located.</param>
/// <param name="IngestTimestamp">Timestamp at which the chunk that completed it came in.</param>
public readonly record struct Beat(
    string DeviceId,
    ulong SessionId,
    long TimeUnixNs,
    float? RrMilliseconds,
    float AmplitudeMillivolts,
    Lead Lead,
    long IngestTimestamp)
{
    /// <summary>By how much the device's clock was set since the session began: times less this never step.</summary>
    public long ClockStepsNs { get; init; }
}
