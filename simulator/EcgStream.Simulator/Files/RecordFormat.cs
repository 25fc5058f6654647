namespace EcgStream.Simulator.Files;

/// <summary>File formats that synthetic recordings are written in.</summary>
public enum RecordFormat
{
    /// <summary>WFDB: header and int16 signals.</summary>
    Wfdb,

    /// <summary>MAT v5 with the matrix <c>data</c>, leads by samples, mV.</summary>
    Mat,

    /// <summary>MAT v4, the same matrix.</summary>
    Mat4,

    /// <summary>CSV with a column per lead, mV.</summary>
    Csv,
}
