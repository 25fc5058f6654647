using System.Buffers.Binary;

namespace EcgStream.Formats.Mat;

/// <summary>
/// Reads forward through a stretch of a MAT file of known length. Each claim of the file is held against what is left of the
/// stretch before anything is allocated for it.
/// </summary>
internal sealed class MatCursor
{
    private readonly Stream _stream;
    private readonly string _path;
    private readonly long _origin;
    private readonly string _within;
    private readonly long _length;

    /// <param name="stream">Positioned at the first byte of the stretch.</param>
    /// <param name="path">For refusals.</param>
    /// <param name="bigEndian">Byte order of the file.</param>
    /// <param name="origin">What to call the first byte in refusals.</param>
    /// <param name="length">Bytes in the stretch.</param>
    /// <param name="within">Appended to places, e.g. of an inflated element.</param>
    public MatCursor(Stream stream, string path, bool bigEndian, long origin, long length, string within = "")
    {
        _stream = stream;
        _path = path;
        BigEndian = bigEndian;
        _origin = origin;
        _length = length;
        _within = within;
    }

    public bool BigEndian { get; }

    public long Position { get; private set; }

    public long Remaining => _length - Position;

    public void Read(Span<byte> destination)
    {
        Require(destination.Length, "data");
        long before = Position;
        try
        {
            int read = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            Position += read;
            if (read < destination.Length)
            {
                throw Fault(RecordingFault.Truncated, $"{destination.Length} bytes announced, {read} are there");
            }
        }
        catch (InvalidDataException e)
        {
            Position = before;
            throw Fault(RecordingFault.Malformed, $"the compressed data are damaged: {e.Message}", e);
        }
    }

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public int ReadInt32() => unchecked((int)ReadUInt32());

    public void Skip(long count)
    {
        Require(count, "data");
        if (_stream.CanSeek)
        {
            _stream.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }

        Span<byte> sink = stackalloc byte[512];
        while (count > 0)
        {
            Span<byte> part = sink[..(int)Math.Min(sink.Length, count)];
            Read(part);
            count -= part.Length;
        }
    }

    /// <summary>Refuses a claim of more bytes than are left.</summary>
    public void Require(long count, string what)
    {
        if (count < 0 || count > Remaining)
        {
            throw Fault(RecordingFault.Truncated, $"{what} of {count} bytes announced, {Remaining} are left");
        }
    }

    public RecordingFormatException Fault(RecordingFault fault, string problem, Exception? innerException = null) =>
        new(fault, _path, $"byte offset {_origin + Position}{_within}", problem, innerException);
}
