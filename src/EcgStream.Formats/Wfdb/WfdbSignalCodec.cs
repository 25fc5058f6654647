using System.Buffers.Binary;

namespace EcgStream.Formats.Wfdb;

/// <summary>Samples to and from the bytes of a signal file.</summary>
internal static class WfdbSignalCodec
{
    public const string Names = "8, 16, 24, 32, 61, 80, 160, 212, 310 and 311";

    public static bool IsDefined(int format) => format is 8 or 16 or 24 or 32 or 61 or 80 or 160 or 212 or 310 or 311;

    public static bool IsWritable(WfdbSignalFormat format) => format is WfdbSignalFormat.Format16 or WfdbSignalFormat.Format80 or WfdbSignalFormat.Format212;

    /// <summary>The value that marks a missing sample, as WFDB defines it per format; null where there is none.</summary>
    public static int? Missing(WfdbSignalFormat format) => format == WfdbSignalFormat.Format8 ? null : -(1 << (Bits(format) - 1));

    /// <summary>Bits of one sample's range: −2^(bits−1) to 2^(bits−1) − 1. Format 8 stores differences of samples that any width may have.</summary>
    public static int Bits(WfdbSignalFormat format) => format switch
    {
        WfdbSignalFormat.Format32 => 32,
        WfdbSignalFormat.Format24 => 24,
        WfdbSignalFormat.Format212 => 12,
        WfdbSignalFormat.Format310 or WfdbSignalFormat.Format311 => 10,
        WfdbSignalFormat.Format80 => 8,
        _ => 16,
    };

    /// <summary>Whether samples may not fit 16 bits.</summary>
    public static bool IsWide(WfdbSignalFormat format) => format is WfdbSignalFormat.Format8 or WfdbSignalFormat.Format24 or WfdbSignalFormat.Format32;

    public static long ByteCount(WfdbSignalFormat format, long samples) => format switch
    {
        WfdbSignalFormat.Format8 or WfdbSignalFormat.Format80 => samples,
        WfdbSignalFormat.Format24 => 3 * samples,
        WfdbSignalFormat.Format32 => 4 * samples,
        WfdbSignalFormat.Format212 => ((3 * samples) + 1) / 2,
        WfdbSignalFormat.Format310 => (samples / 3 * 4) + (samples % 3 * 2),
        WfdbSignalFormat.Format311 => (samples / 3 * 4) + (((10 * (samples % 3)) + 7) / 8),
        _ => 2 * samples,
    };

    /// <summary>Whole samples in so many bytes.</summary>
    public static long SamplesIn(WfdbSignalFormat format, long bytes) => format switch
    {
        WfdbSignalFormat.Format8 or WfdbSignalFormat.Format80 => bytes,
        WfdbSignalFormat.Format24 => bytes / 3,
        WfdbSignalFormat.Format32 => bytes / 4,
        WfdbSignalFormat.Format212 => bytes * 2 / 3,
        WfdbSignalFormat.Format310 or WfdbSignalFormat.Format311 => bytes / 4 * 3,
        _ => bytes / 2,
    };

    /// <summary>
    /// Decodes <paramref name="samples"/>.Length samples; for formats that pack samples together the bytes start at a whole group. Format 8 gives the differences.
    /// </summary>
    public static void Decode(WfdbSignalFormat format, ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        switch (format)
        {
            case WfdbSignalFormat.Format212:
                Decode212(bytes, samples);
                return;
            case WfdbSignalFormat.Format310:
                Decode310(bytes, samples);
                return;
            case WfdbSignalFormat.Format311:
                Decode311(bytes, samples);
                return;
        }

        int size = (int)ByteCount(format, 1);
        for (int i = 0; i < samples.Length; i++)
        {
            ReadOnlySpan<byte> sample = bytes.Slice(i * size, size);
            samples[i] = format switch
            {
                WfdbSignalFormat.Format8 => (sbyte)sample[0],
                WfdbSignalFormat.Format80 => sample[0] - 128,
                WfdbSignalFormat.Format16 => BinaryPrimitives.ReadInt16LittleEndian(sample),
                WfdbSignalFormat.Format61 => BinaryPrimitives.ReadInt16BigEndian(sample),
                WfdbSignalFormat.Format160 => BinaryPrimitives.ReadUInt16LittleEndian(sample) - 32768,
                WfdbSignalFormat.Format24 => sample[0] | (sample[1] << 8) | ((sbyte)sample[2] << 16),
                _ => BinaryPrimitives.ReadInt32LittleEndian(sample),
            };
        }
    }

    /// <summary>Encodes samples that the caller has held against <see cref="Bits"/>, in a format that is <see cref="IsWritable"/>.</summary>
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
    private static void Decode212(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        int pairs = samples.Length / 2;
        for (int pair = 0; pair < pairs; pair++)
        {
            ReadOnlySpan<byte> three = bytes.Slice(3 * pair, 3);
            samples[2 * pair] = Extend(three[0] | ((three[1] & 0x0F) << 8), 12);
            samples[(2 * pair) + 1] = Extend(three[2] | ((three[1] & 0xF0) << 4), 12);
        }

        if ((samples.Length & 1) == 1)
        {
            samples[^1] = Extend(bytes[3 * pairs] | ((bytes[(3 * pairs) + 1] & 0x0F) << 8), 12);
        }
    }

    // Two little-endian words: bits 1 to 10 of each are the first two samples, bits 11 to 15 of the first and of the second the third.
    private static void Decode310(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        for (int i = 0; i < samples.Length; i += 3)
        {
            int first = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i / 3 * 4)..]);
            samples[i] = Extend(first >> 1, 10);
            if (i + 1 < samples.Length)
            {
                int second = BinaryPrimitives.ReadUInt16LittleEndian(bytes[((i / 3 * 4) + 2)..]);
                samples[i + 1] = Extend(second >> 1, 10);
                if (i + 2 < samples.Length)
                {
                    samples[i + 2] = Extend((first >> 11) | (second >> 11 << 5), 10);
                }
            }
        }
    }

    // The lowest 30 bits of a little-endian word; a last group of one or two samples is as short as they need.
    private static void Decode311(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        for (int i = 0; i < samples.Length; i += 3)
        {
            ReadOnlySpan<byte> group = bytes[(i / 3 * 4)..];
            uint word = 0;
            for (int b = 0; b < Math.Min(4, group.Length); b++)
            {
                word |= (uint)group[b] << (8 * b);
            }

            for (int s = 0; s < Math.Min(3, samples.Length - i); s++)
            {
                samples[i + s] = Extend((int)(word >> (10 * s)), 10);
            }
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

    private static int Extend(int value, int bits) => value << (32 - bits) >> (32 - bits);
}
