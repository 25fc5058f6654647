using System.Buffers.Binary;
using System.Text;

namespace EcgStream.Testing.Onnx;

/// <summary>The four things of the protobuf wire format that an ONNX file needs.</summary>
internal sealed class ProtoWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => _bytes.ToArray();

    public ProtoWriter Varint(int field, long value)
    {
        Raw((ulong)(field << 3));
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Raw((ulong)((field << 3) | 5));
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        _bytes.AddRange((ReadOnlySpan<byte>)four);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToArray());

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Raw((ulong)((field << 3) | 2));
        Raw((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    private void Raw(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }
}
