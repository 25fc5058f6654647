using System.Collections.Immutable;
using System.Text;

namespace EcgStream.Formats.Mat;

/// <summary>
/// Walks the variables of a MAT v4 file. Each has five 32-bit numbers (type, rows, columns, imaginary flag, name length), the name, and
/// the real numbers column by column. The type is MOPT in decimal: M byte order, O zero, P number type, T full, text or sparse.
/// </summary>
internal static class Mat4Reader
{
    private const int HeaderBytes = 20;
    private const int MaxNameBytes = 255;

    private static readonly MatStorage[] StorageOfP =
        [MatStorage.Double, MatStorage.Single, MatStorage.Int32, MatStorage.Int16, MatStorage.UInt16, MatStorage.UInt8];

    public static ImmutableArray<MatVariable> List(FileStream stream, string path, RecordingLimits limits, bool bigEndian)
    {
        ImmutableArray<MatVariable>.Builder variables = ImmutableArray.CreateBuilder<MatVariable>();
        long offset = 0;
        while (offset < stream.Length)
        {
            MatCursor cursor = CursorAt(stream, path, bigEndian, offset);
            if (variables.Count == limits.MaxVariables)
            {
                throw cursor.Fault(RecordingFault.LimitExceeded, $"more than {limits.MaxVariables} variables");
            }

            MatVariable variable = ReadHeader(cursor) with { Offset = offset };
            Int128 bytes = (Int128)variable.ElementCount * variable.Storage.Size() * (variable.IsComplex ? 2 : 1);
            if (bytes > cursor.Remaining)
            {
                throw cursor.Fault(RecordingFault.Truncated, $"variable {variable} needs {bytes} bytes, {cursor.Remaining} are left");
            }

            variables.Add(variable);
            offset += cursor.Position + (long)bytes;
        }

        return variables.ToImmutable();
    }

    public static MatMatrix Read(FileStream stream, string path, bool bigEndian, MatVariable variable)
    {
        MatCursor cursor = CursorAt(stream, path, bigEndian, variable.Offset);
        ReadHeader(cursor);
        double[] values = MatNumbers.Read(cursor, variable.Storage, (int)variable.ElementCount);
        return new MatMatrix(variable.Name, variable.Class, variable.Dimensions[0], variable.Dimensions[1], values);
    }

    private static MatCursor CursorAt(FileStream stream, string path, bool bigEndian, long offset)
    {
        stream.Position = offset;
        return new MatCursor(stream, path, bigEndian, offset, stream.Length - offset);
    }

    private static MatVariable ReadHeader(MatCursor cursor)
    {
        cursor.Require(HeaderBytes, "a v4 header");
        int type = cursor.ReadInt32();
        int rows = cursor.ReadInt32();
        int columns = cursor.ReadInt32();
        int imaginary = cursor.ReadInt32();
        int nameBytes = cursor.ReadInt32();
        (int m, int o, int p, int t) = (type / 1000, type / 100 % 10, type / 10 % 10, type % 10);
        if (type < 0 || o != 0 || p >= StorageOfP.Length || t > 2 || imaginary is not (0 or 1))
        {
            throw cursor.Fault(RecordingFault.Malformed, $"v4 type {type} with imaginary flag {imaginary} is not defined");
        }

        if (m != (cursor.BigEndian ? 1 : 0))
        {
            throw cursor.Fault(
                RecordingFault.Unsupported, $"v4 type {type}: number format {m}; only IEEE numbers in the byte order of their header are read");
        }

        if (rows < 0 || columns < 0)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"{rows} x {columns} elements");
        }

        if (nameBytes is < 1 or > MaxNameBytes)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"a name of {nameBytes} bytes, expected 1 to {MaxNameBytes}");
        }

        Span<byte> name = stackalloc byte[nameBytes];
        cursor.Read(name);
        return new MatVariable
        {
            Name = Encoding.Latin1.GetString(name.TrimEnd((byte)0)),
            Class = t switch { 1 => MatClass.Char, 2 => MatClass.Sparse, _ => StorageOfP[p].AsClass() },
            IsComplex = imaginary == 1,
            Dimensions = [rows, columns],
            Storage = StorageOfP[p],
        };
    }
}
