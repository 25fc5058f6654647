using System.Buffers.Binary;
using System.Text;

namespace EcgStream.Formats.Mat;

/// <summary>Writes real numeric matrices as a MAT v4 file.</summary>
public static class Mat4Writer
{
    private const int MaxNameBytes = 63;

    public static void Write(string path, IReadOnlyList<MatMatrix> matrices, MatWriteOptions? options = null)
    {
        using FileStream stream = File.Create(path);
        Write(stream, matrices, options);
    }

    public static void Write(Stream stream, IReadOnlyList<MatMatrix> matrices, MatWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(matrices);
        options ??= new MatWriteOptions();
        if (options.Compress)
        {
            throw new ArgumentException("MAT v4 has no compression", nameof(options));
        }

        foreach (MatMatrix matrix in matrices)
        {
            MatStorage storage = options.StorageFor(matrix);
            WriteHeader(stream, matrix.Name, matrix.Rows, matrix.Columns, storage, options.BigEndian);
            MatNumbers.Write(stream, matrix.ColumnMajor, storage, options.BigEndian);
        }
    }

    internal static void WriteHeader(Stream stream, string matrixName, int rows, int columns, MatStorage storage, bool bigEndian)
    {
        int p = storage switch
        {
            MatStorage.Double => 0,
            MatStorage.Single => 1,
            MatStorage.Int32 => 2,
            MatStorage.Int16 => 3,
            MatStorage.UInt16 => 4,
            MatStorage.UInt8 => 5,
            _ => throw new ArgumentOutOfRangeException(nameof(storage), storage, "MAT v4 cannot store this type"),
        };
        byte[] name = Encoding.ASCII.GetBytes(matrixName);
        if (name.Length is 0 or > MaxNameBytes)
        {
            throw new ArgumentException($"a variable name has 1 to {MaxNameBytes} characters, '{matrixName}' has {name.Length}", nameof(matrixName));
        }

        Span<byte> header = stackalloc byte[20 + name.Length + 1];
        ReadOnlySpan<int> words = [((bigEndian ? 1 : 0) * 1000) + (p * 10), rows, columns, 0, name.Length + 1];
        for (int i = 0; i < words.Length; i++)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteInt32BigEndian(header[(4 * i)..], words[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(header[(4 * i)..], words[i]);
            }
        }

        name.CopyTo(header[20..]);
        header[^1] = 0;
        stream.Write(header);
    }
}
