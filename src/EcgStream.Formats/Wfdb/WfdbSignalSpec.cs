namespace EcgStream.Formats.Wfdb;

/// <summary>One signal line of a WFDB header.</summary>
public sealed record WfdbSignalSpec
{
    /// <summary>Name of the signal file, without folder.</summary>
    public required string FileName { get; init; }

    public required WfdbSignalFormat Format { get; init; }

    /// <summary>Bytes before the first sample; 24 in files that are MAT v4 at the same time.</summary>
    public long ByteOffset { get; init; }

    /// <summary>Samples of this signal in each frame, which the header's sampling frequency counts.</summary>
    public int SamplesPerFrame { get; init; } = 1;

    /// <summary>Frames by which the signal lies late in its file.</summary>
    public int SkewFrames { get; init; }

    /// <summary>Analogue-to-digital units per physical unit; 0 for a signal that is not calibrated.</summary>
    public double AdcUnitsPerUnit { get; init; }

    /// <summary>Sample value of 0 physical units; where the header has none, its ADC zero is meant.</summary>
    public int Baseline { get; init; }

    /// <summary>The physical unit as written; <c>mV</c> where the header leaves it out, as WFDB defines.</summary>
    public string Units { get; init; } = "mV";

    public int AdcResolutionBits { get; init; }

    public int AdcZero { get; init; }

    /// <summary>First sample; null where the line ends before it.</summary>
    public int? InitialValue { get; init; }

    /// <summary>Sum of all samples, modulo 2^16; null where the line ends before it.</summary>
    public int? Checksum { get; init; }

    /// <summary>Usually the lead; empty where the line ends before it.</summary>
    public string Description { get; init; } = "";
}
