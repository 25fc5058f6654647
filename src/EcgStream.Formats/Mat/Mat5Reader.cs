using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

namespace EcgStream.Formats.Mat;

/// <summary>Walks the data elements of a MAT v5 file.</summary>
internal static class Mat5Reader
{
    private const int MaxNameBytes = 255;
    private const int MaxDimensions = 32;
    private const uint ComplexFlag = 0x0800;
    private const uint LogicalFlag = 0x0200;

    public static ImmutableArray<MatVariable> List(FileStream stream, string path, RecordingLimits limits, bool bigEndian)
    {
        ImmutableArray<MatVariable>.Builder variables = ImmutableArray.CreateBuilder<MatVariable>();
        long offset = MatFile.Version5HeaderBytes;
        while (offset < stream.Length)
        {
            stream.Position = offset;
            MatCursor cursor = new(stream, path, bigEndian, offset, stream.Length - offset);
            MatElementTag tag = MatElementTag.Read(cursor);
            if (tag.IsSmall)
            {
                throw cursor.Fault(RecordingFault.Malformed, $"a small data element of type {tag.Type} where a variable should be");
            }

            cursor.Require(tag.ByteCount, $"an element of type {tag.Type}");
            if (tag.Type is MatElementTag.Matrix or MatElementTag.Compressed)
            {
                if (variables.Count == limits.MaxVariables)
                {
                    throw cursor.Fault(RecordingFault.LimitExceeded, $"more than {limits.MaxVariables} variables");
                }

                variables.Add(ReadVariable(stream, path, limits, bigEndian, offset, skipTo: null));
            }

            // Compressed elements are not padded, the others are.
            offset += 8 + (tag.Type == MatElementTag.Compressed ? tag.ByteCount : (tag.ByteCount + 7) & ~7L);
        }

        return variables.ToImmutable();
    }

    public static MatMatrix Read(FileStream stream, string path, RecordingLimits limits, bool bigEndian, MatVariable variable)
    {
        MatMatrix? matrix = null;
        ReadVariable(stream, path, limits, bigEndian, variable.Offset, cursor => matrix = ReadRealPart(cursor, variable));
        return matrix!;
    }

    private static MatVariable ReadVariable(
        FileStream stream, string path, RecordingLimits limits, bool bigEndian, long offset, Action<MatCursor>? skipTo)
    {
        stream.Position = offset;
        MatCursor cursor = new(stream, path, bigEndian, offset, stream.Length - offset);
        MatElementTag tag = MatElementTag.Read(cursor);
        if (tag.Type == MatElementTag.Matrix)
        {
            MatCursor inside = new(stream, path, bigEndian, offset + 8, tag.ByteCount);
            MatVariable plain = ReadHeader(inside) with { Offset = offset };
            skipTo?.Invoke(inside);
            return plain;
        }

        using BoundedReadStream compressed = new(stream, tag.ByteCount);
        using ZLibStream inflated = new(compressed, CompressionMode.Decompress);
        string within = $" of the element inflated from byte offset {offset}";
        MatElementTag outer = MatElementTag.Read(new MatCursor(inflated, path, bigEndian, 0, 8, within));
        if (outer.Type != MatElementTag.Matrix || outer.IsSmall)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"a compressed element holds type {outer.Type}, not a matrix");
        }

        if (outer.ByteCount > limits.MaxInflatedBytes)
        {
            throw cursor.Fault(
                RecordingFault.LimitExceeded,
                $"a compressed element claims {outer.ByteCount} bytes inflated, the limit is {limits.MaxInflatedBytes}");
        }

        MatCursor matrix = new(inflated, path, bigEndian, 8, outer.ByteCount, within);
        MatVariable variable = ReadHeader(matrix) with { Offset = offset };
        if (skipTo is not null)
        {
            skipTo(matrix);

            // To the very end, where zlib's checksum stands.
            matrix.Skip(matrix.Remaining);
            RequireEnd(matrix, inflated);
        }

        return variable;
    }

    private static void RequireEnd(MatCursor cursor, ZLibStream inflated)
    {
        bool atEnd;
        try
        {
            atEnd = inflated.ReadByte() < 0;
        }
        catch (InvalidDataException e)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"the compressed data are damaged: {e.Message}", e);
        }

        if (!atEnd)
        {
            throw cursor.Fault(RecordingFault.Malformed, "the compressed element holds more than its matrix");
        }
    }

    private static MatVariable ReadHeader(MatCursor cursor)
    {
        MatElementTag flagsTag = MatElementTag.Read(cursor);
        if (flagsTag.Type != (int)MatStorage.UInt32 || flagsTag.ByteCount != 8)
        {
            throw cursor.Fault(
                RecordingFault.Malformed, $"array flags of type {flagsTag.Type} and {flagsTag.ByteCount} bytes, expected type 6 and 8 bytes");
        }

        uint flags = cursor.ReadUInt32();
        cursor.Skip(4);
        MatClass matClass = (MatClass)(flags & 0xFF);
        if (matClass is < MatClass.Cell or > MatClass.Opaque)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"unknown array class {(int)matClass}");
        }

        // Opaque objects have no dimensions; their own names follow instead.
        if (matClass == MatClass.Opaque)
        {
            return new MatVariable { Name = ReadName(cursor), Class = matClass };
        }

        return new MatVariable
        {
            Class = matClass,
            IsComplex = (flags & ComplexFlag) != 0,
            IsLogical = (flags & LogicalFlag) != 0,
            Dimensions = ReadDimensions(cursor),
            Name = ReadName(cursor),
        };
    }

    private static ImmutableArray<int> ReadDimensions(MatCursor cursor)
    {
        MatElementTag tag = MatElementTag.Read(cursor);
        long count = tag.ByteCount / 4;
        if (tag.Type != (int)MatStorage.Int32 || tag.ByteCount % 4 != 0 || count is < 2 or > MaxDimensions)
        {
            throw cursor.Fault(
                RecordingFault.Malformed, $"dimensions of type {tag.Type} and {tag.ByteCount} bytes, expected type 5 and 2 to {MaxDimensions}");
        }

        ImmutableArray<int>.Builder dimensions = ImmutableArray.CreateBuilder<int>((int)count);
        for (int i = 0; i < count; i++)
        {
            int dimension = cursor.ReadInt32();
            dimensions.Add(dimension >= 0 ? dimension : throw cursor.Fault(RecordingFault.Malformed, $"a dimension of {dimension}"));
        }

        tag.SkipPadding(cursor);
        return dimensions.MoveToImmutable();
    }

    private static string ReadName(MatCursor cursor)
    {
        MatElementTag tag = MatElementTag.Read(cursor);
        if (tag.Type is not ((int)MatStorage.Int8 or (int)MatStorage.UInt8 or MatElementTag.Utf8) || tag.ByteCount > MaxNameBytes)
        {
            throw cursor.Fault(
                RecordingFault.Malformed, $"a name of type {tag.Type} and {tag.ByteCount} bytes, expected type 1 and at most {MaxNameBytes} bytes");
        }

        Span<byte> name = stackalloc byte[(int)tag.ByteCount];
        cursor.Read(name);
        tag.SkipPadding(cursor);
        return Encoding.UTF8.GetString(name.TrimEnd((byte)0));
    }

    private static MatMatrix ReadRealPart(MatCursor cursor, MatVariable variable)
    {
        MatElementTag tag = MatElementTag.Read(cursor);
        MatStorage storage = (MatStorage)tag.Type;
        if (storage.Size() == 0)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"numbers of unknown type {tag.Type}");
        }

        long expected = variable.ElementCount * storage.Size();
        if (tag.ByteCount != expected)
        {
            throw cursor.Fault(
                RecordingFault.Malformed,
                $"{tag.ByteCount} bytes of {storage} for {string.Join('x', variable.Dimensions)} elements, expected {expected}");
        }

        double[] values = MatNumbers.Read(cursor, storage, (int)variable.ElementCount);
        return new MatMatrix(variable.Name, variable.Class, variable.Dimensions[0], variable.Dimensions[1], values);
    }
}
