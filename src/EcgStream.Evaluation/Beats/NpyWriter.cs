using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EcgStream.Evaluation.Beats;

/// <summary>Writes two-dimensional arrays in NumPy's format (version 1.0, little-endian, C order).</summary>
internal static class NpyWriter
{
    private const int Alignment = 64;
    private const int PreambleLength = 10;

    public static void Write(string path, IReadOnlyList<float[]> rows, int columns) => Write<float>(path, "<f4", rows, columns);

    public static void Write(string path, IReadOnlyList<long[]> rows, int columns) => Write<long>(path, "<i8", rows, columns);

    private static void Write<T>(string path, string type, IReadOnlyList<T[]> rows, int columns)
        where T : struct
    {
        using var file = new BufferedStream(File.Create(path), 1 << 16);
        var header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows.Count}, {columns}), }}");
        var length = (((PreambleLength + header.Length + 1 + Alignment - 1) / Alignment) * Alignment) - PreambleLength;
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        foreach (var row in rows)
        {
            if (row.Length != columns)
            {
                throw new ArgumentException($"A row has {row.Length} columns, not {columns}", nameof(rows));
            }

            file.Write(MemoryMarshal.AsBytes<T>(row));
        }
    }
}
