namespace EcgStream.Formats.Wfdb;

/// <summary>Signal formats that are read, with the numbers of WFDB headers. The compressed ones (508, 516, 524) are not.</summary>
public enum WfdbSignalFormat
{
    /// <summary>First differences in 8 bits, from the header's initial value.</summary>
    Format8 = 8,

    /// <summary>Two's complement 16 bit, little-endian.</summary>
    Format16 = 16,

    /// <summary>Two's complement 24 bit, little-endian.</summary>
    Format24 = 24,

    /// <summary>Two's complement 32 bit, little-endian.</summary>
    Format32 = 32,

    /// <summary>Two's complement 16 bit, big-endian.</summary>
    Format61 = 61,

    /// <summary>Offset binary 8 bit.</summary>
    Format80 = 80,

    /// <summary>Offset binary 16 bit, little-endian.</summary>
    Format160 = 160,

    /// <summary>Two 12-bit samples in three bytes.</summary>
    Format212 = 212,

    /// <summary>Three 10-bit samples in four bytes: two in the upper bits of a pair of words, the third in what is left of both.</summary>
    Format310 = 310,

    /// <summary>Three 10-bit samples in four bytes, one after the other.</summary>
    Format311 = 311,
}
