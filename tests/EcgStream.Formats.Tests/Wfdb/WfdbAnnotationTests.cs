using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Wfdb;

public sealed class WfdbAnnotationTests
{
    [Fact]
    public void Parse_HandMade_EveryKindOfWord()
    {
        byte[] bytes =
        [
            0x12, 0x70, // rhythm change (28) after 18
            0x03, 0xFC, (byte)'(', (byte)'N', 0, 0, // text of 3 bytes, one of them NUL, padded to 4
            0x3B, 0x04, // normal beat (1) after 59
            0x00, 0xEC, 0x01, 0x00, 0x02, 0x00, // skip 65538
            0x05, 0x14, // PVC (5) after 5
            0xFF, 0xF4, // subtype -1
            0x02, 0xF0, // number 2
            0x01, 0xF8, // channel 1
            0x0A, 0x04, // normal beat after 10, number and channel kept, subtype not
            0x00, 0x00,
        ];
        Assert.Equal(
            [
                new WfdbAnnotation(18, WfdbAnnotationCode.RhythmChange, 0, 0, 0, "(N"),
                new WfdbAnnotation(77, WfdbAnnotationCode.Normal),
                new WfdbAnnotation(65620, WfdbAnnotationCode.VentricularPremature, -1, 1, 2),
                new WfdbAnnotation(65630, WfdbAnnotationCode.Normal, 0, 1, 2),
            ],
            WfdbAnnotationReader.Parse("hand.atr", bytes));
    }

    [Fact]
    public void Write_AnyAnnotations_ReadBackAndAsNaive() => Seeded.ForAll(300, random =>
    {
        WfdbAnnotation[] annotations = [.. SampleRecordings.Annotations(random, random.Next(0, 40))];
        using MemoryStream stream = new();
        WfdbAnnotationWriter.Write(stream, annotations);
        Assert.Equal(annotations, WfdbAnnotationReader.Parse("a.atr", stream.ToArray()));
        Assert.Equal(annotations, NaiveWfdb.Annotations(stream.ToArray()));
    });

    [Theory]
    [InlineData(new byte[] { 0x3B, 0x04 }, RecordingFault.Truncated, "byte offset 2")]
    [InlineData(new byte[] { 0x3B, 0x04, 0 }, RecordingFault.Truncated, "byte offset 2")]
    [InlineData(new byte[] { 0x00, 0xEC, 1, 0 }, RecordingFault.Truncated, "byte offset 4")]
    [InlineData(new byte[] { 0x3B, 0x04, 9, 0xFC, 65, 0 }, RecordingFault.Truncated, "text of 9")]
    [InlineData(new byte[] { 0x02, 0xF0, 0, 0 }, RecordingFault.Malformed, "before the first")]
    [InlineData(new byte[] { 0x00, 0xD0, 0, 0 }, RecordingFault.Malformed, "code 52")]
    [InlineData(new byte[] { 0x00, 0xEC, 0xFF, 0xFF, 0, 0, 0x3B, 0x04, 0, 0 }, RecordingFault.Malformed, "sample -65477")]
    public void Parse_Damaged_IsRefusedWithOffset(byte[] bytes, RecordingFault fault, string named)
    {
        RecordingFormatException refusal = Assert.Throws<RecordingFormatException>(() => WfdbAnnotationReader.Parse("x.atr", bytes));
        Assert.Equal(fault, refusal.Fault);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Symbols_AllCodes_GoThereAndBack()
    {
        Assert.Equal('V', WfdbAnnotationCode.VentricularPremature.Symbol());
        Assert.Equal('+', WfdbAnnotationCode.RhythmChange.Symbol());
        Assert.Equal('r', WfdbAnnotationCode.ROnT.Symbol());
        Assert.Equal('"', WfdbAnnotationCode.Comment.Symbol());
        Assert.Null(WfdbAnnotationCode.Reserved17.Symbol());
        foreach (WfdbAnnotationCode code in Enum.GetValues<WfdbAnnotationCode>())
        {
            if (code.Symbol() is { } symbol)
            {
                Assert.True(WfdbAnnotationCodes.TryParse(symbol, out WfdbAnnotationCode parsed));
                Assert.Equal(code, parsed);
            }
        }

        Assert.Equal(19, Enum.GetValues<WfdbAnnotationCode>().Count(c => c.IsBeat()));
        Assert.False(WfdbAnnotationCode.NonConductedPWave.IsBeat());
    }
}
