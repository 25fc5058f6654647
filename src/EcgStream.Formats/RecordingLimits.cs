namespace EcgStream.Formats;

/// <summary>
/// Bounds on what one file may make a reader allocate. A file that passes one is refused with
/// <see cref="RecordingFault.LimitExceeded"/>; nothing is cut off.
/// </summary>
public sealed record RecordingLimits
{
    public static RecordingLimits Standard { get; } = new();

    /// <summary>Values (leads × samples) of one recording. 64 Mi hold 24 h of two leads at 360 Hz in 128 MiB.</summary>
    public long MaxValues { get; init; } = 64L * 1024 * 1024;

    /// <summary>Signals in one recording.</summary>
    public int MaxLeads { get; init; } = 64;

    /// <summary>Bytes that one compressed element of a MAT file may expand to. 10 s of 12 leads need 0.5 MB.</summary>
    public long MaxInflatedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Variables in one MAT file.</summary>
    public int MaxVariables { get; init; } = 1024;

    /// <summary>Segments of one WFDB record. Days of a bedside monitor come in hundreds.</summary>
    public int MaxSegments { get; init; } = 10_000;

    /// <summary>Bytes of a WFDB header.</summary>
    public int MaxHeaderBytes { get; init; } = 1024 * 1024;

    /// <summary>Characters in one row of a CSV or label file. A heartbeat row of 205 values has about 4,000.</summary>
    public int MaxRowCharacters { get; init; } = 1024 * 1024;

    /// <summary>Bytes of an annotation file. The longest of MIT-BIH has 8 kB; a 24 h recording about 300 kB.</summary>
    public int MaxAnnotationBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Rows of a label file.</summary>
    public int MaxLabels { get; init; } = 10_000_000;

    /// <summary>Files looked at below one directory.</summary>
    public int MaxDirectoryFiles { get; init; } = 1_000_000;

    /// <summary>Folders below the one that was named.</summary>
    public int MaxDirectoryDepth { get; init; } = 8;
}
