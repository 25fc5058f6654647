namespace EcgStream.Core.Sessions;

/// <summary>What was done about a gap. The numbers are stored: never reuse one.</summary>
public enum SignalGapKind : byte
{
    None = 0,

    /// <summary>At most 40 ms: filled by straight lines, marked.</summary>
    Interpolated = 1,

    /// <summary>Over 40 ms: the window ended, filters and detector began anew.</summary>
    Broken = 2,

    /// <summary>The device's clock was set back by more than 40 ms: treated as broken.</summary>
    ClockStep = 3,
}
