using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EcgStream.Formats.Wfdb;

/// <summary>Samples to and from the bytes of a signal file. All formats here fit 16 bits.</summary>
internal static class WfdbSignalCodec
{
    public static bool IsDefined(int format) => format is 16 or 80 or 212;

    /// <summary>The value that marks a missing sample, as WFDB defines it per format.</summary>
    public static short Missing(WfdbSignalFormat format) => format switch
    {
        WfdbSignalFormat.Format16 => short.MinValue,
        WfdbSignalFormat.Format212 => -2048,
        _ => -128,
    };

    /// <summary>Bits of one sample's range: −2^(bits−1) to 2^(bits−1) − 1.</summary>
    public static int Bits(WfdbSignalFormat format) => format switch
    {
        WfdbSignalFormat.Format16 => 16,
        WfdbSignalFormat.Format212 => 12,
        _ => 8,
    };

    public static long ByteCount(WfdbSignalFormat format, long samples) => format switch
    {
        WfdbSignalFormat.Format16 => 2 * samples,
        WfdbSignalFormat.Format212 => ((3 * samples) + 1) / 2,
        _ => samples,
    };

    /// <summary>Decodes <paramref name="samples"/>.Length samples; for format 212 the bytes start at a pair.</summary>
    public static void Decode(WfdbSignalFormat format, ReadOnlySpan<byte> bytes, Span<short> samples)
    {
        switch (format)
        {
            case WfdbSignalFormat.Format16:
                Span<byte> target = MemoryMarshal.AsBytes(samples);
                bytes[..target.Length].CopyTo(target);
                if (!BitConverter.IsLittleEndian)
                {
                    BinaryPrimitives.ReverseEndianness(samples, samples);
                }

                break;
            case WfdbSignalFormat.Format212:
                Decode212(bytes, samples);
                break;
            default:
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = (short)(bytes[i] - 128);
                }

                break;
        }
    }

    /// <summary>Encodes samples that the caller has held against <see cref="Bits"/>.</summary>
    public static void Encode(WfdbSignalFormat format, ReadOnlySpan<short> samples, Span<byte> bytes)
    {
        switch (format)
        {
            case WfdbSignalFormat.Format16:
                for (int i = 0; i < samples.Length; i++)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(bytes[(2 * i)..], samples[i]);
                }

                break;
            case WfdbSignalFormat.Format212:
                Encode212(samples, bytes);
                break;
            default:
                for (int i = 0; i < samples.Length; i++)
                {
                    bytes[i] = (byte)(samples[i] + 128);
                }

                break;
        }
    }

    // Byte 0: low 8 bits of the first sample. Byte 1: high 4 bits of the first (low nibble) and of the second (high nibble).
    // Byte 2: low 8 bits of the second. An odd last sample leaves byte 2 out.
    private static void Decode212(ReadOnlySpan<byte> bytes, Span<short> samples)
    {
        int pairs = samples.Length / 2;
        for (int pair = 0; pair < pairs; pair++)
        {
            ReadOnlySpan<byte> three = bytes.Slice(3 * pair, 3);
            samples[2 * pair] = Extend12(three[0] | ((three[1] & 0x0F) << 8));
            samples[(2 * pair) + 1] = Extend12(three[2] | ((three[1] & 0xF0) << 4));
        }

        if ((samples.Length & 1) == 1)
        {
            samples[^1] = Extend12(bytes[3 * pairs] | ((bytes[(3 * pairs) + 1] & 0x0F) << 8));
        }
    }

    private static void Encode212(ReadOnlySpan<short> samples, Span<byte> bytes)
    {
        for (int i = 0; i < samples.Length; i += 2)
        {
            int first = samples[i];
            int second = i + 1 < samples.Length ? samples[i + 1] : 0;
            int at = i / 2 * 3;
            bytes[at] = (byte)first;
            bytes[at + 1] = (byte)(((first >> 8) & 0x0F) | ((second >> 4) & 0xF0));
            if (i + 1 < samples.Length)
            {
                bytes[at + 2] = (byte)second;
            }
        }
    }

    private static short Extend12(int value) => (short)((value << 20) >> 20);
}
