using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Wfdb;

public sealed class WfdbCodecTests
{
    [Fact]
    public void Decode_212HandMade_SamplesOfTheFormat()
    {
        // 995 = 0x3E3 and 1011 = 0x3F3, the first samples of a well-known record; -2048 and -1; an odd last sample 5.
        int[] samples = new int[5];
        WfdbSignalCodec.Decode(WfdbSignalFormat.Format212, [0xE3, 0x33, 0xF3, 0x00, 0xF8, 0xFF, 0x05, 0x00], samples);
        Assert.Equal([995, 1011, -2048, -1, 5], samples);
    }

    [Fact]
    public void Decode_80And16HandMade_SamplesOfTheFormat()
    {
        int[] samples = new int[3];
        WfdbSignalCodec.Decode(WfdbSignalFormat.Format80, [0, 128, 255], samples);
        Assert.Equal([-128, 0, 127], samples);
        WfdbSignalCodec.Decode(WfdbSignalFormat.Format16, [0, 128, 255, 255, 1, 2], samples);
        Assert.Equal([-32768, -1, 513], samples);
    }

    [Theory]
    [InlineData(WfdbSignalFormat.Format16)]
    [InlineData(WfdbSignalFormat.Format80)]
    [InlineData(WfdbSignalFormat.Format212)]
    public void Encode_AnySamples_DecodeToTheSame(WfdbSignalFormat format) => Seeded.ForAll(200, random =>
    {
        int half = 1 << (WfdbSignalCodec.Bits(format) - 1);
        short[] samples = [.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => (short)random.Next(-half, half))];
        byte[] bytes = new byte[WfdbSignalCodec.ByteCount(format, samples.Length)];
        WfdbSignalCodec.Encode(format, samples, bytes);
        int[] decoded = new int[samples.Length];
        WfdbSignalCodec.Decode(format, bytes, decoded);
        Assert.Equal(samples.Select(sample => (int)sample), decoded);
        if (format == WfdbSignalFormat.Format212)
        {
            Assert.Equal(decoded, NaiveWfdb.Decode212(bytes, samples.Length));
        }
    });

    [Fact]
    public void Decode_212AnyBytes_SameAsNaive() => Seeded.ForAll(200, random =>
    {
        byte[] bytes = new byte[3 * random.Next(1, 30)];
        random.NextBytes(bytes);
        int[] decoded = new int[bytes.Length / 3 * 2];
        WfdbSignalCodec.Decode(WfdbSignalFormat.Format212, bytes, decoded);
        Assert.Equal(NaiveWfdb.Decode212(bytes, decoded.Length), decoded);
    });

    // 10-bit samples by their bits in the order of the format, as text.
    [Theory]
    [InlineData(WfdbSignalFormat.Format310)]
    [InlineData(WfdbSignalFormat.Format311)]
    public void Decode_310And311AnySamples_SameAsBitByBit(WfdbSignalFormat format) => Seeded.ForAll(200, random =>
    {
        int[] samples = [.. Enumerable.Range(0, 3 * random.Next(1, 20)).Select(_ => random.Next(-512, 512))];
        List<byte> bytes = [];
        foreach (int[] three in samples.Chunk(3))
        {
            string[] bits = [.. three.Select(sample => Convert.ToString(sample & 0x3FF, 2).PadLeft(10, '0'))];
            string[] words = format == WfdbSignalFormat.Format310
                ? [bits[2][5..] + bits[0] + "0", bits[2][..5] + bits[1] + "0"]
                : [(bits[2] + bits[1] + bits[0]).PadLeft(32, '0')[16..], (bits[2] + bits[1] + bits[0]).PadLeft(32, '0')[..16]];
            bytes.AddRange(words.SelectMany(word => new[] { Convert.ToByte(word[8..], 2), Convert.ToByte(word[..8], 2) }));
        }

        int kept = samples.Length - random.Next(3);
        int[] decoded = new int[kept];
        WfdbSignalCodec.Decode(format, bytes.ToArray().AsSpan(0, (int)WfdbSignalCodec.ByteCount(format, kept)), decoded);
        Assert.Equal(samples[..kept], decoded);
    });

    [Fact]
    public void Decode_OtherWidthsHandMade_SamplesOfTheFormat()
    {
        Assert.Equal([-2, 258], Decode(WfdbSignalFormat.Format61, 0xFF, 0xFE, 0x01, 0x02));
        Assert.Equal([-32768, 0, 1], Decode(WfdbSignalFormat.Format160, 0, 0, 0, 0x80, 1, 0x80));
        Assert.Equal([-8388608, -1, 0x030201], Decode(WfdbSignalFormat.Format24, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 1, 2, 3));
        Assert.Equal([int.MinValue, 0x04030201], Decode(WfdbSignalFormat.Format32, 0, 0, 0, 0x80, 1, 2, 3, 4));
        Assert.Equal([-1, 127], Decode(WfdbSignalFormat.Format8, 0xFF, 0x7F));
    }

    private static int[] Decode(WfdbSignalFormat format, params byte[] bytes)
    {
        int[] samples = new int[WfdbSignalCodec.SamplesIn(format, bytes.Length)];
        WfdbSignalCodec.Decode(format, bytes, samples);
        return samples;
    }
}
