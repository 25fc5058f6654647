using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Identity of one raise-to-clear episode: 26 characters in the layout of a ULID (48 bits of onset in Unix milliseconds, then
/// 80 bits), so that ids sort by onset. The 80 bits are not random but taken from SHA-256 of device, session, condition, onset and
/// deciding sample: the same samples give the same id, before and after a restart.
/// </summary>
public static class AlarmId
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 26;
    private const int FixedBytes = 28;
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static string Create(string deviceId, ulong sessionId, AlarmCondition condition, long onsetUnixNs, long eventUnixNs)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        var input = new byte[FixedBytes + Encoding.UTF8.GetByteCount(deviceId)];
        BinaryPrimitives.WriteUInt64BigEndian(input, sessionId);
        BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(8), (int)condition);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(12), onsetUnixNs);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(20), eventUnixNs);
        Encoding.UTF8.GetBytes(deviceId, input.AsSpan(FixedBytes));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);

        var milliseconds = (ulong)Math.Max(0, onsetUnixNs / NanosecondsPerMillisecond) & 0xFFFF_FFFF_FFFF;
        var value = ((UInt128)milliseconds << 80)
            | ((UInt128)BinaryPrimitives.ReadUInt16BigEndian(hash) << 64)
            | BinaryPrimitives.ReadUInt64BigEndian(hash[2..]);
        return string.Create(Length, value, static (text, bits) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Crockford[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }
}
