using System.Globalization;
using EcgStream.Daemon.Storage.Influx;

namespace EcgStream.Daemon.Tests.Storage;

public sealed class LineBuilderTests
{
    private readonly LineBuilder _line = new();

    [Fact]
    public void End_AllKindsOfFields_GivesTheProtocolsText() => Assert.Equal(
        "ecg,device=dev-1,site=main score=0.9,ratio=0.1,count=-3i,on=true,off=false,text=\"a b\" 1700000000000000001",
        _line.Start("ecg").Tag("device", "dev-1").Tag("empty", "").Tag("site", "main")
            .Field("score", 0.9f).Field("ratio", 0.1).Field("count", -3L).Field("on", true).Field("off", false).Field("text", "a b").Field("nan", double.NaN)
            .End(1_700_000_000_000_000_001));

    [Theory]
    [InlineData("a b,c=d", "a\\ b\\,c\\=d")]
    [InlineData("ends\\", "ends_")]
    [InlineData("in\\side", "in\\side")]
    [InlineData("two\nlines", "two_lines")]
    public void Tag_SpecialLetters_AreEscaped(string value, string escaped) =>
        Assert.Equal($"m,k={escaped} f=1i 1", _line.Start("m").Tag("k", value).Field("f", 1L).End(1));

    [Theory]
    [InlineData("say \"no\"", "say \\\"no\\\"")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("two\r\nlines", "two  lines")]
    [InlineData("*** ASYSTOLE, 4 s = bad", "*** ASYSTOLE, 4 s = bad")]
    public void Field_TextWithSpecialLetters_IsEscaped(string value, string escaped) =>
        Assert.Equal($"m f=\"{escaped}\" 1", _line.Start("m").Field("f", value).End(1));

    [Fact]
    public void End_WithoutField_Throws() => Assert.Throws<InvalidOperationException>(() => _line.Start("m").Tag("k", "v").Field("f", double.PositiveInfinity).End(1));

    /// <summary>Random texts and numbers, read back by a parser that knows nothing of the builder.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void End_RandomTagsAndFields_ParseBack(int seed)
    {
        var random = new Random(seed);
        const string alphabet = "ab ,=\"\\é1*";
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Create(random.Next(1, 8), random, (span, source) => source.GetItems(alphabet, span)).TrimEnd('\\') + "x";
            var number = BitConverter.Int64BitsToDouble(random.NextInt64());
            number = double.IsFinite(number) ? number : 1;

            var line = _line.Start("m").Tag("t", text).Field("n", number).Field("s", text).End(5);
            var at = "m,t=".Length;
            var tag = Until(line, ref at, ' ');
            at += " n=".Length;
            var numberText = Until(line, ref at, ',');
            at += ",s=\"".Length;
            var field = Until(line, ref at, '"');

            Assert.True((text, number, text) == (tag, double.Parse(numberText, CultureInfo.InvariantCulture), field), $"seed {seed}, round {round}: {line}");
            Assert.Equal("\" 5", line[at..]);
        }
    }

    /// <summary>Reads up to an unescaped end letter; a backslash counts only before a letter that the protocol escapes.</summary>
    private static string Until(string line, ref int at, char end)
    {
        var text = new System.Text.StringBuilder();
        while (line[at] != end)
        {
            var escapes = end == '"' ? "\"\\" : ",= ";
            if (line[at] == '\\' && escapes.Contains(line[at + 1], StringComparison.Ordinal))
            {
                at++;
            }

            text.Append(line[at++]);
        }

        return text.ToString();
    }
}
