using System.Buffers.Binary;

namespace EcgStream.Core.Signals;

/// <summary>
/// Walks over the fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/) without copying. Every method returns false where
/// the bytes end too early or are not protobuf; the reader is of no use after that.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Delimited = 2;
    public const int StartGroup = 3;
    public const int EndGroup = 4;
    public const int Fixed32 = 5;

    // The official parsers stop at 100 levels too.
    private const int MaxGroupDepth = 100;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    /// <summary>Reads field number and wire type; a number of 0 is not protobuf.</summary>
    public bool TryReadTag(out int field, out int wireType)
    {
        field = wireType = 0;
        if (!TryReadVarint(out var tag) || tag > uint.MaxValue)
        {
            return false;
        }

        field = (int)(tag >> 3);
        wireType = (int)(tag & 7);
        return field != 0;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _bytes.Length)
            {
                return false;
            }

            var next = _bytes[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public bool TryReadFixed64(out ulong value)
    {
        value = 0;
        if (_bytes.Length - Position < 8)
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[Position..]);
        Position += 8;
        return true;
    }

    /// <summary>Reads a length and steps over that many bytes.</summary>
    public bool TryReadDelimited(out int offset, out int length)
    {
        offset = length = 0;
        if (!TryReadVarint(out var size) || size > (ulong)(_bytes.Length - Position))
        {
            return false;
        }

        offset = Position;
        length = (int)size;
        Position += length;
        return true;
    }

    /// <summary>Steps over the value of a field that is not known.</summary>
    public bool TrySkip(int field, int wireType)
    {
        switch (wireType)
        {
            case Varint:
                return TryReadVarint(out _);
            case Fixed64:
                return TryAdvance(8);
            case Delimited:
                return TryReadDelimited(out _, out _);
            case Fixed32:
                return TryAdvance(4);
            case StartGroup:
                return TrySkipGroup(field);
            default:
                return false;
        }
    }

    private bool TrySkipGroup(int field)
    {
        Span<int> open = stackalloc int[MaxGroupDepth];
        open[0] = field;
        var depth = 1;
        while (depth > 0)
        {
            if (!TryReadTag(out var inner, out var wireType))
            {
                return false;
            }

            if (wireType == EndGroup)
            {
                if (inner != open[--depth])
                {
                    return false;
                }
            }
            else if (wireType == StartGroup)
            {
                if (depth == MaxGroupDepth)
                {
                    return false;
                }

                open[depth++] = inner;
            }
            else if (!TrySkip(inner, wireType))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdvance(int count)
    {
        if (_bytes.Length - Position < count)
        {
            return false;
        }

        Position += count;
        return true;
    }
}
