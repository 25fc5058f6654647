using System.Buffers.Binary;

namespace EcgStream.Fuzz;

/// <summary>Changes well-formed input in the ways that find a decoder's mistakes: bits, lengths, cuts, repeats, pieces of another input. One thread.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus)
{
    public const int MaximumLength = 64 * 1024;

    private static readonly byte[] _telling = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF, (byte)'"', (byte)',', (byte)'\n', (byte)'#', (byte)'+', (byte)'/', (byte)'\\', 0xC0, 0xED];
    private readonly byte[] _buffer = new byte[MaximumLength];

    /// <summary>Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Next(ref Dice dice)
    {
        var seed = corpus[dice.Next(corpus.Count)];
        var length = Math.Min(seed.Length, MaximumLength);
        seed.AsSpan(0, length).CopyTo(_buffer);
        for (var changes = dice.Next(8); changes >= 0; changes--)
        {
            length = Change(ref dice, length);
        }

        return _buffer.AsMemory(0, length);
    }

    private int Change(ref Dice dice, int length)
    {
        // Half of the changes near the front, where headers and lengths are.
        var at = dice.OneIn(2) ? dice.Next(Math.Min(length, 48)) : dice.Next(length);
        switch (dice.Next(9))
        {
            case 0 when length > 0:
                _buffer[at] ^= (byte)(1 << dice.Next(8));
                return length;
            case 1 when length > 0:
                _buffer[at] = _telling[dice.Next(_telling.Length)];
                return length;
            case 2 when length > 0:
                _buffer[at] = (byte)dice.Next();
                return length;
            case 3 when length - at >= 4:
                BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(at), (uint)(dice.Next() >> dice.Next(64)));
                return length;
            case 4:
                return at;
            case 5:
                return Insert(at, length, dice.Next(16), ref dice);
            case 6:
            {
                var count = dice.Next(Math.Min(32, length - at));
                _buffer.AsSpan(at + count, length - at - count).CopyTo(_buffer.AsSpan(at));
                return length - count;
            }

            case 7:
            {
                var count = dice.Next(Math.Min(64, length - at));
                return Repeat(at, count, length);
            }

            default:
            {
                var other = corpus[dice.Next(corpus.Count)];
                var from = dice.Next(other.Length);
                var count = Math.Min(Math.Min(other.Length - from, MaximumLength - at), 256);
                other.AsSpan(from, count).CopyTo(_buffer.AsSpan(at));
                return Math.Max(length, at + count);
            }
        }
    }

    private int Insert(int at, int length, int count, ref Dice dice)
    {
        count = Math.Min(count, MaximumLength - length);
        _buffer.AsSpan(at, length - at).CopyTo(_buffer.AsSpan(at + count));
        for (var i = 0; i < count; i++)
        {
            _buffer[at + i] = (byte)dice.Next();
        }

        return length + count;
    }

    private int Repeat(int at, int count, int length)
    {
        count = Math.Min(count, MaximumLength - length);
        _buffer.AsSpan(at, length - at).CopyTo(_buffer.AsSpan(at + count));
        return length + count;
    }
}
