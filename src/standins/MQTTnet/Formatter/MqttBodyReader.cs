using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace MQTTnet.Formatter;

/// <summary>
/// Reads the fields of one packet body. The first failure sticks: later reads return defaults, so a decoder tests
/// <see cref="Failed"/> once at its end instead of after every field.
/// </summary>
internal ref struct MqttBodyReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public int Position { get; private set; }

    public byte FailureReason { get; private set; }

    public string? FailureText { get; private set; }

    public readonly bool Failed => FailureText is not null;

    public readonly int Remaining => _body.Length - Position;

    public void Fail(byte reason, string text)
    {
        if (FailureText is null)
        {
            FailureReason = reason;
            FailureText = text;
        }

        Position = _body.Length;
    }

    public void Malformed(string text) => Fail(0x81, text);

    public byte ReadByte()
    {
        if (Remaining < 1)
        {
            Malformed("The packet ends within a byte field.");
            return 0;
        }

        return _body[Position++];
    }

    public bool ReadFlag(string name)
    {
        var value = ReadByte();
        if (value > 1)
        {
            Fail(0x82, $"{name} must be 0 or 1.");
        }

        return value == 1;
    }

    public ushort ReadUInt16()
    {
        if (Remaining < 2)
        {
            Malformed("The packet ends within a two-byte integer.");
            return 0;
        }

        var value = BinaryPrimitives.ReadUInt16BigEndian(_body[Position..]);
        Position += 2;
        return value;
    }

    public uint ReadUInt32()
    {
        if (Remaining < 4)
        {
            Malformed("The packet ends within a four-byte integer.");
            return 0;
        }

        var value = BinaryPrimitives.ReadUInt32BigEndian(_body[Position..]);
        Position += 4;
        return value;
    }

    public uint ReadVariableInteger()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var part = ReadByte();
            value |= (uint)(part & 0x7F) << shift;
            if ((part & 0x80) != 0)
            {
                continue;
            }

            if (part == 0 && shift > 0)
            {
                Malformed("A variable byte integer is longer than it needs to be.");
            }

            return value;
        }

        Malformed("A variable byte integer has more than four bytes.");
        return 0;
    }

    public ReadOnlySpan<byte> ReadBinary()
    {
        int length = ReadUInt16();
        if (Remaining < length)
        {
            Malformed("The packet ends within a field of stated length.");
            return [];
        }

        var value = _body.Slice(Position, length);
        Position += length;
        return value;
    }

    /// <summary>The bytes of a UTF-8 string, checked: well-formed, no surrogates, no U+0000 (1.5.4).</summary>
    public ReadOnlySpan<byte> ReadUtf8()
    {
        var value = ReadBinary();
        if (value.Contains((byte)0) || !Utf8.IsValid(value))
        {
            Malformed("A string is not well-formed UTF-8 or holds U+0000.");
            return [];
        }

        return value;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadUtf8());

    public ReadOnlySpan<byte> ReadSpan(int length)
    {
        if (Remaining < length)
        {
            Malformed("The packet ends before its stated end.");
            return [];
        }

        var value = _body.Slice(Position, length);
        Position += length;
        return value;
    }
}
