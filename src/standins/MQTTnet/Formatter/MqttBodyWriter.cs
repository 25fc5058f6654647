using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MQTTnet.Formatter;

/// <summary>A growing buffer for the body of one outgoing packet. Not thread-safe; encoders keep one per thread.</summary>
internal sealed class MqttBodyWriter
{
    private byte[] _buffer = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Reset()
    {
        Length = 0;
        if (_buffer.Length > 64 * 1024)
        {
            // One huge CONNECT must not pin its size to a thread for ever.
            _buffer = new byte[256];
        }
    }

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void WriteVariableInteger(uint value) => WriteVariableInteger(Reserve(SizeOfVariableInteger(value)), value);

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        WriteBytes(value);
    }

    public void WriteString(string? value)
    {
        var length = Encoding.UTF8.GetByteCount(value ?? string.Empty);
        WriteLength(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    /// <summary>Puts the length of everything written since <paramref name="start"/> in front of it.</summary>
    public void PrefixLength(int start)
    {
        var length = Length - start;
        var size = SizeOfVariableInteger((uint)length);
        Reserve(size);
        Buffer.BlockCopy(_buffer, start, _buffer, start + size, length);
        WriteVariableInteger(_buffer.AsSpan(start), (uint)length);
    }

    public static int SizeOfVariableInteger(uint value) => value switch
    {
        < 128 => 1,
        < 16_384 => 2,
        < 2_097_152 => 3,
        <= 268_435_455 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "A variable byte integer holds at most 268,435,455."),
    };

    public static void WriteVariableInteger(Span<byte> target, uint value)
    {
        var i = 0;
        do
        {
            var part = (byte)(value & 0x7F);
            value >>= 7;
            target[i++] = value > 0 ? (byte)(part | 0x80) : part;
        }
        while (value > 0);
    }

    private void WriteLength(int length)
    {
        if (length > ushort.MaxValue)
        {
            throw new Exceptions.MqttProtocolViolationException($"A string or binary field of {length} bytes exceeds the protocol's limit of 65,535.");
        }

        WriteUInt16((ushort)length);
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        Length += count;
        return _buffer.AsSpan(Length - count, count);
    }
}
