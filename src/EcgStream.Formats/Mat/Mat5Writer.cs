using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EcgStream.Formats.Mat;

/// <summary>Writes real numeric matrices as a MAT v5 file.</summary>
public static class Mat5Writer
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
        Span<byte> header = stackalloc byte[MatFile.Version5HeaderBytes];
        header[..116].Fill((byte)' ');
        header[116..124].Clear();
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, written by EcgStream", header);
        WriteUInt16(header[124..], 0x0100, options.BigEndian);
        WriteUInt16(header[126..], 0x4D49, options.BigEndian);
        stream.Write(header);
        foreach (MatMatrix matrix in matrices)
        {
            if (options.Compress)
            {
                WriteCompressed(stream, matrix, options);
            }
            else
            {
                WriteMatrix(stream, matrix, options);
            }
        }
    }

    private static void WriteCompressed(Stream stream, MatMatrix matrix, MatWriteOptions options)
    {
        using MemoryStream compressed = new();
        using (ZLibStream deflate = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            WriteMatrix(deflate, matrix, options);
        }

        WriteTag(stream, MatElementTag.Compressed, compressed.Length, options.BigEndian);
        compressed.Position = 0;
        compressed.CopyTo(stream);
    }

    private static void WriteMatrix(Stream stream, MatMatrix matrix, MatWriteOptions options)
    {
        bool big = options.BigEndian;
        MatStorage storage = options.StorageFor(matrix);
        byte[] name = Encoding.ASCII.GetBytes(matrix.Name);
        if (name.Length is 0 or > MaxNameBytes)
        {
            throw new ArgumentException($"a variable name has 1 to {MaxNameBytes} characters, '{matrix.Name}' has {name.Length}", nameof(matrix));
        }

        long dataBytes = (long)matrix.ColumnMajor.Length * storage.Size();
        long body = 16 + 16 + ElementBytes(name.Length) + ElementBytes(dataBytes);
        if (body > uint.MaxValue)
        {
            throw new ArgumentException($"{body} bytes are more than a MAT v5 element holds", nameof(matrix));
        }

        WriteTag(stream, MatElementTag.Matrix, body, big);
        WriteTag(stream, (int)MatStorage.UInt32, 8, big);
        WriteWord(stream, (uint)matrix.Class, big);
        WriteWord(stream, 0, big);
        WriteTag(stream, (int)MatStorage.Int32, 8, big);
        WriteWord(stream, (uint)matrix.Rows, big);
        WriteWord(stream, (uint)matrix.Columns, big);
        WriteElement(stream, (int)MatStorage.Int8, name.Length, big, s => s.Write(name));
        WriteElement(stream, (int)storage, dataBytes, big, s => MatNumbers.Write(s, matrix.ColumnMajor, storage, big));
    }

    private static long ElementBytes(long dataBytes) => dataBytes is > 0 and <= 4 ? 8 : 8 + ((dataBytes + 7) & ~7L);

    private static void WriteElement(Stream stream, int type, long dataBytes, bool bigEndian, Action<Stream> writeData)
    {
        bool small = dataBytes is > 0 and <= 4;
        if (small)
        {
            WriteWord(stream, ((uint)dataBytes << 16) | (uint)type, bigEndian);
        }
        else
        {
            WriteTag(stream, type, dataBytes, bigEndian);
        }

        writeData(stream);
        ReadOnlySpan<byte> zeros = stackalloc byte[8];
        stream.Write(zeros[..(int)((small ? 4 - dataBytes : -dataBytes) & 7)]);
    }

    private static void WriteTag(Stream stream, int type, long byteCount, bool bigEndian)
    {
        WriteWord(stream, (uint)type, bigEndian);
        WriteWord(stream, checked((uint)byteCount), bigEndian);
    }

    private static void WriteWord(Stream stream, uint word, bool bigEndian)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        }

        stream.Write(bytes);
    }

    private static void WriteUInt16(Span<byte> bytes, ushort value, bool bigEndian)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }
    }
}
