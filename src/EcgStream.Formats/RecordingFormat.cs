namespace EcgStream.Formats;

/// <summary>The kind of file that a recording was read from.</summary>
public enum RecordingFormat
{
    /// <summary>Made in memory.</summary>
    None,
    Mat4,
    Mat5,
    Mat73,
    Wfdb,

    /// <summary>CSV with a column of value lists, one recording per row.</summary>
    ListCsv,

    /// <summary>CSV with a column per lead, one sample per row.</summary>
    LeadCsv,
}
