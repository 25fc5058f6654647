namespace EcgStream.Formats;

/// <summary>Why a recording was refused. Few values, so that refusals can be counted by reason.</summary>
public enum RecordingFault
{
    /// <summary>The file cannot be opened or read: missing, no permission, device error.</summary>
    Unreadable,

    /// <summary>The file ends before what it announces.</summary>
    Truncated,

    /// <summary>The bytes contradict the format.</summary>
    Malformed,

    /// <summary>A valid file of a kind that is not read here.</summary>
    Unsupported,

    /// <summary>A stated limit of <see cref="RecordingLimits"/> is passed.</summary>
    LimitExceeded,

    /// <summary>The samples do not have the shape of the stated leads.</summary>
    Shape,

    /// <summary>More than one thing in the file could be the recording, or none.</summary>
    Ambiguous,

    /// <summary>A lead without a name, with an unknown name, or named twice.</summary>
    Lead,

    /// <summary>No sample rate, or one outside 100 to 2000 Hz.</summary>
    SampleRate,

    /// <summary>No gain, a gain of zero, or a physical unit that is no voltage.</summary>
    Scale,

    /// <summary>A sample that is not a number, infinite, missing, or too large to be an ECG in the stated unit.</summary>
    SampleValue,

    /// <summary>A checksum stated by the file differs from that of its samples.</summary>
    Checksum,
}
