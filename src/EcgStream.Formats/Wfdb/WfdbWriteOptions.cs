namespace EcgStream.Formats.Wfdb;

/// <summary>How <see cref="WfdbRecordingWriter"/> lays out a record.</summary>
public sealed record WfdbWriteOptions
{
    public WfdbSignalFormat Format { get; init; } = WfdbSignalFormat.Format16;

    /// <summary>Format 16 only: NAME.mat, a MAT v4 file with the matrix <c>val</c>, instead of NAME.dat.</summary>
    public bool AsMat4 { get; init; }

    /// <summary>One signal file per lead, NAME_1.dat and so on, instead of one for all.</summary>
    public bool FilePerLead { get; init; }
}
