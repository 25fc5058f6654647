using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EcgStream.Formats.Mat;

/// <summary>
/// An open MAT file, v7.3, v5 (MATLAB 5 to 7.2, compressed or not) or v4, of either byte order. The variables are listed from their
/// headers, those inside structs and cells too; numbers are read only for the variable asked for. Not for more than one thread at a time.
/// </summary>
/// <remarks>After The MathWorks, "MAT-File Format". v7.3 files are HDF5 and read by PureHDF.</remarks>
public sealed class MatFile : IDisposable
{
    internal const int Version5HeaderBytes = 128;

    private const int Version73 = 7;

    private readonly FileStream _stream;
    private readonly Mat73Reader? _hdf;
    private readonly RecordingLimits _limits;
    private readonly bool _bigEndian;

    private MatFile(FileStream stream, string path, RecordingLimits limits, int version, bool bigEndian)
    {
        _stream = stream;
        Path = path;
        _limits = limits;
        Version = version;
        _bigEndian = bigEndian;
        _hdf = version == Version73 ? Mat73Reader.Open(stream, path, limits) : null;
        Variables = _hdf?.Variables ?? (version == 5
            ? Mat5Reader.List(stream, path, limits, bigEndian)
            : Mat4Reader.List(stream, path, limits, bigEndian));
    }

    public string Path { get; }

    internal RecordingLimits Limits => _limits;

    /// <summary>4, 5, or 7 for v7.3.</summary>
    public int Version { get; }

    /// <summary>In file order.</summary>
    public ImmutableArray<MatVariable> Variables { get; }

    /// <exception cref="RecordingFormatException">The file cannot be read, is no MAT file, or its structure is damaged.</exception>
    public static MatFile Open(string path, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SourceFile.Guard(path, () => OpenCore(path, limits ?? RecordingLimits.Standard));
    }

    /// <summary>Reads the numbers of one of <see cref="Variables"/>.</summary>
    /// <exception cref="RecordingFormatException">The variable is no real matrix, damaged, or over a limit.</exception>
    public MatMatrix Read(MatVariable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (!variable.IsRealMatrix)
        {
            throw new RecordingFormatException(
                RecordingFault.Unsupported, Path, $"variable {variable}", "is not a real numeric matrix of two dimensions");
        }

        if (variable.ElementCount > _limits.MaxValues)
        {
            throw new RecordingFormatException(
                RecordingFault.LimitExceeded, Path, $"variable {variable}", $"{variable.ElementCount} values, the limit is {_limits.MaxValues}");
        }

        return SourceFile.Guard(
            Path,
            () => _hdf is not null
                ? _hdf.Read(variable)
                : Version == 5
                ? Mat5Reader.Read(_stream, Path, _limits, _bigEndian, variable)
                : Mat4Reader.Read(_stream, Path, _bigEndian, variable));
    }

    /// <summary>Reads a row of characters, such as a lead's name.</summary>
    /// <returns>The text; null where it is kept in a form that is not read.</returns>
    public string? ReadText(MatVariable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return !variable.IsText ? null : SourceFile.Guard(
            Path, () => _hdf is not null ? _hdf.ReadText(variable) : Version == 5 ? Mat5Reader.ReadText(_stream, Path, _limits, _bigEndian, variable) : null);
    }

    public void Dispose()
    {
        _hdf?.Dispose();
        _stream.Dispose();
    }

    private static MatFile OpenCore(string path, RecordingLimits limits)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, FileOptions.RandomAccess);
        try
        {
            Span<byte> head = stackalloc byte[Version5HeaderBytes];
            int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            (int version, bool bigEndian) = Recognise(path, head[..read]);
            return new MatFile(stream, path, limits, version, bigEndian);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static (int Version, bool BigEndian) Recognise(string path, ReadOnlySpan<byte> head)
    {
        if (head.Length < 4)
        {
            throw new RecordingFormatException(RecordingFault.Truncated, path, "", $"{head.Length} bytes are no MAT file");
        }

        // A v4 file starts with a type number below 5000, so one of its first four bytes is zero; v5 starts with text.
        if (head[..4].Contains((byte)0))
        {
            int little = BinaryPrimitives.ReadInt32LittleEndian(head);
            int big = BinaryPrimitives.ReadInt32BigEndian(head);
            return little is >= 0 and < 5000
                ? (4, false)
                : big is >= 0 and < 5000
                    ? (4, true)
                    : throw new RecordingFormatException(RecordingFault.Malformed, path, "byte offset 0", "neither a v4 nor a v5 MAT header");
        }

        if (head[1..].StartsWith("HDF"u8))
        {
            return (Version73, false);
        }

        if (head.Length < Version5HeaderBytes)
        {
            throw new RecordingFormatException(
                RecordingFault.Truncated, path, $"byte offset {head.Length}", $"a v5 MAT header has {Version5HeaderBytes} bytes");
        }

        bool? bigEndian = (head[126], head[127]) switch
        {
            ((byte)'I', (byte)'M') => false,
            ((byte)'M', (byte)'I') => true,
            _ => null,
        };
        if (bigEndian is not { } order)
        {
            throw new RecordingFormatException(RecordingFault.Malformed, path, "byte offset 126", "no byte-order mark of a MAT file");
        }

        ushort version = order ? BinaryPrimitives.ReadUInt16BigEndian(head[124..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[124..]);
        return version switch
        {
            0x0100 => (5, order),
            0x0200 => (Version73, order),
            _ => throw new RecordingFormatException(
                RecordingFault.Unsupported, path, "byte offset 124", $"MAT version 0x{version:x4}; 0x0100 (v5) and 0x0200 (v7.3) are read"),
        };
    }
}
