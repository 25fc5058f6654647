namespace EcgStream.Formats.Wfdb;

/// <summary>Signal formats that are read, with the numbers of WFDB headers.</summary>
public enum WfdbSignalFormat
{
    /// <summary>Two's complement 16 bit, little-endian.</summary>
    Format16 = 16,

    /// <summary>Offset binary 8 bit.</summary>
    Format80 = 80,

    /// <summary>Two 12-bit samples in three bytes.</summary>
    Format212 = 212,
}
