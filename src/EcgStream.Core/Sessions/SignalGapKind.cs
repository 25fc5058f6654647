namespace EcgStream.Core.Sessions;

/// <summary>What was done about a gap. The numbers are stored: never reuse one.</summary>
public enum SignalGapKind : byte
{
    None = 0,

    /// <summary>At most 40 ms: filled by straight lines, marked.</summary>
    Interpolated = 1,

    /// <summary>Over 2 s: windows, filters and rings began anew; what is known of the heart stayed.</summary>
    Broken = 2,

    /// <summary>No sample is missing: the device's clock was set, and is followed.</summary>
    ClockStep = 3,

    /// <summary>Over 40 ms, up to 2 s: filled by straight lines that nothing is looked for in; no window spans it.</summary>
    Bridged = 4,
}
