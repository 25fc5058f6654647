using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Wfdb;

public sealed class WfdbCodecTests
{
    [Fact]
    public void Decode_212HandMade_SamplesOfTheFormat()
    {
        // 995 = 0x3E3 and 1011 = 0x3F3, the first samples of a well-known record; -2048 and -1; an odd last sample 5.
        short[] samples = new short[5];
        WfdbSignalCodec.Decode(WfdbSignalFormat.Format212, [0xE3, 0x33, 0xF3, 0x00, 0xF8, 0xFF, 0x05, 0x00], samples);
        Assert.Equal([995, 1011, -2048, -1, 5], samples);
    }

    [Fact]
    public void Decode_80And16HandMade_SamplesOfTheFormat()
    {
        short[] samples = new short[3];
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
        short[] decoded = new short[samples.Length];
        WfdbSignalCodec.Decode(format, bytes, decoded);
        Assert.Equal(samples, decoded);
        if (format == WfdbSignalFormat.Format212)
        {
            Assert.Equal(samples, NaiveWfdb.Decode212(bytes, samples.Length));
        }
    });

    [Fact]
    public void Decode_212AnyBytes_SameAsNaive() => Seeded.ForAll(200, random =>
    {
        byte[] bytes = new byte[3 * random.Next(1, 30)];
        random.NextBytes(bytes);
        short[] decoded = new short[bytes.Length / 3 * 2];
        WfdbSignalCodec.Decode(WfdbSignalFormat.Format212, bytes, decoded);
        Assert.Equal(NaiveWfdb.Decode212(bytes, decoded.Length), decoded);
    });
}
