namespace EcgStream.Formats.Mat;

/// <summary>
/// The tag of a MAT v5 data element: 32-bit type and 32-bit byte count, or, where the upper half of the first word is not zero, the
/// small form (16-bit byte count of at most 4, 16-bit type) with the data in the second word.
/// </summary>
internal readonly record struct MatElementTag(int Type, long ByteCount, bool IsSmall)
{
    public const int Matrix = 14;
    public const int Compressed = 15;
    public const int Utf8 = 16;

    /// <summary>Bytes up to the next element inside a matrix: whole 8-byte words, counted with the tag.</summary>
    public long PaddedByteCount => IsSmall ? 4 : (ByteCount + 7) & ~7L;

    public static MatElementTag Read(MatCursor cursor)
    {
        uint first = cursor.ReadUInt32();
        if (first >> 16 == 0)
        {
            return new MatElementTag((int)first, cursor.ReadUInt32(), false);
        }

        int count = (int)(first >> 16);
        if (count > 4)
        {
            throw cursor.Fault(RecordingFault.Malformed, $"a small data element of {count} bytes, at most 4 fit");
        }

        return new MatElementTag((int)(first & 0xFFFF), count, true);
    }

    /// <summary>Steps over what pads the element; the last one of a matrix may come without.</summary>
    public void SkipPadding(MatCursor cursor) => cursor.Skip(Math.Min(PaddedByteCount - ByteCount, cursor.Remaining));
}
