using EcgStream.Formats.Mat;

namespace EcgStream.Formats;

/// <summary>Writes recordings in the form in which competitions publish them.</summary>
public static class RecordingWriter
{
    /// <summary>A MAT v5 file with the matrix <c>data</c>: leads by samples, millivolts, double.</summary>
    public static void WriteMat5(string path, Recording recording, MatWriteOptions? options = null) =>
        Mat5Writer.Write(path, [ToMatrix("data", recording)], options);

    /// <summary>A MAT v4 file with the matrix <c>data</c>: leads by samples, millivolts, double.</summary>
    public static void WriteMat4(string path, Recording recording, MatWriteOptions? options = null) =>
        Mat4Writer.Write(path, [ToMatrix("data", recording)], options);

    /// <summary>A recording's samples in millivolts as a matrix of leads by samples.</summary>
    public static MatMatrix ToMatrix(string variableName, Recording recording) =>
        MatMatrix.FromRows(variableName, MatClass.Double, ToMillivolts(recording));

    internal static double[][] ToMillivolts(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        double[][] rows = new double[recording.LeadCount][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[recording.SampleCount];
            recording.CopyMillivolts(i, 0, rows[i].AsSpan());
        }

        return rows;
    }
}
