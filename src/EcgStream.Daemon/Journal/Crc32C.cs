using System.Buffers.Binary;
using System.Numerics;

namespace EcgStream.Daemon.Journal;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) over a span, continued from a seed.
/// By hand: it is the runtime's own instruction in a loop.
/// </summary>
internal static class Crc32C
{
    public static uint Compute(uint seed, ReadOnlySpan<byte> bytes)
    {
        var crc = ~seed;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
