using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

namespace EcgStream.Formats.Mat;

/// <summary>Walks the data elements of a MAT v5 file.</summary>
internal static class Mat5Reader
{
    private const int MaxNameBytes = 255;
    private const int MaxDimensions = 32;
    private const int MaxDepth = 8;
    private const int MaxFields = 4096;
    private const int MaxTextBytes = 4096;
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

                ReadElement(stream, path, limits, bigEndian, offset, new Walk(path, limits, variables));
            }

            // Compressed elements are not padded, the others are.
            offset += 8 + (tag.Type == MatElementTag.Compressed ? tag.ByteCount : (tag.ByteCount + 7) & ~7L);
        }

        return variables.ToImmutable();
    }

    public static MatMatrix Read(FileStream stream, string path, RecordingLimits limits, bool bigEndian, MatVariable variable)
    {
        MatMatrix? matrix = null;
        Walk walk = new(path, limits, null, variable.Ordinal, cursor => matrix = ReadRealPart(cursor, variable));
        ReadElement(stream, path, limits, bigEndian, variable.Offset, walk);
        return matrix ?? throw new RecordingFormatException(RecordingFault.Malformed, path, $"variable {variable}", "is not where it was listed");
    }

    public static string ReadText(FileStream stream, string path, RecordingLimits limits, bool bigEndian, MatVariable variable)
    {
        string text = "";
        ReadElement(stream, path, limits, bigEndian, variable.Offset, new Walk(path, limits, null, variable.Ordinal, cursor => text = ReadCharacters(cursor)));
        return text;
    }

    private static void ReadElement(FileStream stream, string path, RecordingLimits limits, bool bigEndian, long offset, Walk walk)
    {
        stream.Position = offset;
        MatCursor cursor = new(stream, path, bigEndian, offset, stream.Length - offset);
        MatElementTag tag = MatElementTag.Read(cursor);
        if (tag.Type == MatElementTag.Matrix)
        {
            ReadMatrix(new MatCursor(stream, path, bigEndian, offset + 8, tag.ByteCount), tag.ByteCount, offset, null, 0, walk);
            return;
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
        ReadMatrix(matrix, outer.ByteCount, offset, null, 0, walk);
        if (walk.Target is not null)
        {
            // To the very end, where zlib's checksum stands.
            matrix.Skip(matrix.Remaining);
            RequireEnd(matrix, inflated);
        }
    }

    /// <summary>Reads a matrix whose tag was read, and what a struct or cell holds inside it.</summary>
    private static void ReadMatrix(MatCursor cursor, long byteCount, long offset, string? name, int depth, Walk walk)
    {
        long end = cursor.Position + byteCount;
        int ordinal = walk.Next++;
        MatVariable variable = ReadHeader(cursor) with { Offset = offset, Ordinal = ordinal };
        variable = name is null ? variable : variable with { Name = name };
        walk.Add(variable);
        if (walk.Target == ordinal)
        {
            walk.Found(cursor);
        }
        else if (variable.Class is MatClass.Cell or MatClass.Struct or MatClass.Object && depth < MaxDepth)
        {
            ReadMembers(cursor, variable, offset, depth, walk);
        }

        // Of a plain element nothing is read that is not wanted; in a container the next member follows.
        if (depth > 0)
        {
            cursor.Skip(Math.Max(0, end - cursor.Position));
        }
    }

    private static void ReadMembers(MatCursor cursor, MatVariable container, long offset, int depth, Walk walk)
    {
        string[] fields = container.Class == MatClass.Cell ? [] : ReadFieldNames(cursor, container.Class);
        long count = container.ElementCount * (container.Class == MatClass.Cell ? 1 : fields.Length);
        for (long i = 0; i < count && !walk.IsDone; i++)
        {
            MatElementTag tag = MatElementTag.Read(cursor);
            if (tag.Type != MatElementTag.Matrix || tag.IsSmall)
            {
                throw cursor.Fault(RecordingFault.Malformed, $"a member of type {tag.Type} in {container}, expected a matrix");
            }

            cursor.Require(tag.ByteCount, "a member");
            if (tag.ByteCount == 0)
            {
                continue;
            }

            long element = fields.Length == 0 ? i : i / fields.Length;
            string name = fields.Length == 0 ? $"{container.Name}{{{element + 1}}}"
                : container.ElementCount == 1 ? $"{container.Name}.{fields[i % fields.Length]}"
                : $"{container.Name}({element + 1}).{fields[i % fields.Length]}";
            long padding = ((tag.ByteCount + 7) & ~7L) - tag.ByteCount;
            ReadMatrix(cursor, tag.ByteCount, offset, name, depth + 1, walk);
            cursor.Skip(Math.Min(padding, cursor.Remaining));
        }
    }

    // The length of a name, then all names padded to it.
    private static string[] ReadFieldNames(MatCursor cursor, MatClass matClass)
    {
        if (matClass == MatClass.Object)
        {
            ReadName(cursor);
        }

        MatElementTag lengthTag = MatElementTag.Read(cursor);
        if (lengthTag.Type != (int)MatStorage.Int32 || lengthTag.ByteCount != 4)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"a field name length of type {lengthTag.Type} and {lengthTag.ByteCount} bytes, expected type 5 and 4 bytes");
        }

        int length = cursor.ReadInt32();
        lengthTag.SkipPadding(cursor);
        MatElementTag tag = MatElementTag.Read(cursor);
        if (length is < 1 or > MaxNameBytes || tag.ByteCount % length != 0 || tag.ByteCount / length > MaxFields)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"{tag.ByteCount} bytes of field names of {length} bytes each");
        }

        byte[] bytes = new byte[tag.ByteCount];
        cursor.Read(bytes);
        tag.SkipPadding(cursor);
        return [.. bytes.Chunk(length).Select(name => Encoding.UTF8.GetString(name.AsSpan()[..(Array.IndexOf(name, (byte)0) is >= 0 and var nul ? nul : length)]))];
    }

    private static string ReadCharacters(MatCursor cursor)
    {
        MatElementTag tag = MatElementTag.Read(cursor);
        if (tag.ByteCount > MaxTextBytes)
        {
            throw cursor.Fault(RecordingFault.LimitExceeded, $"a text of {tag.ByteCount} bytes, the limit is {MaxTextBytes}");
        }

        byte[] bytes = new byte[tag.ByteCount];
        cursor.Read(bytes);
        const int Utf16 = 17;
        return tag.Type is (int)MatStorage.UInt16 or Utf16
            ? (cursor.BigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(bytes)
            : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A walk through one top-level element: lists what it holds, or finds one of them.</summary>
    private sealed class Walk(
        string path, RecordingLimits limits, ImmutableArray<MatVariable>.Builder? listed, int? target = null, Action<MatCursor>? found = null)
    {
        private readonly int _before = listed?.Count ?? 0;

        public int Next { get; set; }

        public int? Target => target;

        public bool IsDone { get; private set; }

        public void Found(MatCursor cursor)
        {
            found!(cursor);
            IsDone = true;
        }

        public void Add(MatVariable variable)
        {
            if (listed?.Count == limits.MaxVariables)
            {
                // A struct of thousands is no recording; what was listed so far may be.
                _ = listed.Count > _before ? IsDone = true : throw new RecordingFormatException(
                    RecordingFault.LimitExceeded, path, "", $"more than {limits.MaxVariables} variables");
                return;
            }

            listed?.Add(variable);
        }
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
