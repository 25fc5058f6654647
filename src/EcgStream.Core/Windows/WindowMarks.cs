namespace EcgStream.Core.Windows;

/// <summary>What must be known of a window's samples. The bits are stored and sent: never reuse one.</summary>
[Flags]
public enum WindowMarks : byte
{
    None = 0,

    /// <summary>A gap of at most 40 ms inside it was interpolated.</summary>
    Interpolated = 1,

    /// <summary>An electrode that one of its leads needs was off for part of it.</summary>
    LeadOff = 2,

    /// <summary>The signal was flat, saturated or too noisy for part of it.</summary>
    PoorQuality = 4,
}
