using FsCheck;
using FsCheck.Fluent;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Writes;

namespace EcgStream.StandIns.Tests.Influx;

public sealed class PointDataTests
{
    // What line protocol cares about, and what people write.
    private const string Alphabet = "ab=, \\\"éµ/0'#%日";

    [Fact]
    public void ToLineProtocol_EveryKindOfValue_IsWrittenAsItsType()
    {
        var point = PointData.Measurement("ecg_rhythm")
            .Tag("site", "icu 2").Tag("device", "bed=7,a").Tag("gone", "x").Tag("gone", "")
            .Field("bool", true).Field("byte", (byte)7).Field("double", 0.1).Field("float", 0.1f).Field("long", -5L)
            .Field("text", "say \"hi\" \\ there").Field("uint", 6u).Field("ulong", 18446744073709551615ul)
            .Timestamp(1_700_000_000_000_000_001L, WritePrecision.Ns);
        Assert.Equal(
            "ecg_rhythm,device=bed\\=7\\,a,site=icu\\ 2 bool=true,byte=7i,double=0.10000000000000001,float=0.1,long=-5i,"
                + "text=\"say \\\"hi\\\" \\\\ there\",uint=6u,ulong=18446744073709551615u 1700000000000000001",
            point.ToLineProtocol());
    }

    [Fact]
    public void ToLineProtocol_NoNumber_IsLeftOut()
    {
        var point = PointData.Measurement("m").Field("a", double.NaN).Field("b", float.PositiveInfinity);
        Assert.Equal("", point.ToLineProtocol());
        Assert.Equal("m c=1", point.Field("c", 1d).ToLineProtocol());
    }

    [Theory]
    [InlineData(WritePrecision.Ns, 1_500_000_123_456_700L)]
    [InlineData(WritePrecision.Us, 1_500_000_123_456L)]
    [InlineData(WritePrecision.Ms, 1_500_000_123L)]
    [InlineData(WritePrecision.S, 1_500_000L)]
    public void Timestamp_OfATime_IsInTheUnit(WritePrecision unit, long expected)
    {
        var point = PointData.Measurement("m").Field("a", 1L).Timestamp(DateTime.UnixEpoch.AddTicks(15_000_001_234_567), unit);
        Assert.Equal($"m a=1i {expected}", point.ToLineProtocol());
        Assert.Equal(unit, point.Precision);
    }

    [Fact]
    public void ToLineProtocol_DefaultTags_YieldToTheirOwn()
    {
        var settings = new PointSettings().AddDefaultTag("site", "north").AddDefaultTag("unit", "icu");
        Assert.Equal("m,site=south,unit=icu a=1i", PointData.Measurement("m").Tag("site", "south").Field("a", 1L).ToLineProtocol(settings));
    }

    [Fact]
    public void ToLineProtocol_BackslashAtTheEndOfAKey_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => PointData.Measurement("m").Tag("path", "C:\\").Field("a", 1L).ToLineProtocol());
        Assert.Equal("m a=\"C:\\\\\"", PointData.Measurement("m").Field("a", "C:\\").ToLineProtocol());
    }

    [Fact]
    public void Tag_LineFeed_NeverBreaksTheLine() =>
        Assert.Equal("m,t=a\\nb\\rc\\td a=1i", PointData.Measurement("m").Tag("t", "a\nb\rc\td").Field("a", 1L).ToLineProtocol());

    /// <summary>Whatever is put in is what a reader of line protocol takes out.</summary>
    [Fact]
    public void ToLineProtocol_AnyNamesAndValues_ReadBackAsTheyWere() => Prop.ForAll(
        (from measurement in Key
         from tags in Gen.ListOf(Gen.Zip(Key, Key), 3)
         from fields in Gen.ListOf(Gen.Zip(Key, Value), 3)
         from time in Gen.Choose(int.MinValue, int.MaxValue)
         select (measurement, tags, fields, time)).ToArbitrary(),
        input =>
        {
            var point = PointData.Measurement(input.measurement).Timestamp(input.time, WritePrecision.Ns);
            var tags = new Dictionary<string, string>();
            foreach (var (name, value) in input.tags)
            {
                point = point.Tag(name, value);
                tags[name] = value;
            }

            var fields = new Dictionary<string, object>();
            foreach (var (name, value) in input.fields)
            {
                point = point.Field(name, value);
                fields[name] = value;
            }

            var read = LineReader.Read(point.ToLineProtocol());
            Assert.Equal(input.measurement, read.Measurement);
            Assert.Equal(tags, read.Tags);
            Assert.Equal(fields, read.Fields);
            Assert.Equal(input.time, read.Time);
        }).QuickCheckThrowOnFailure();

    private static Gen<string> Text => Gen.Choose(0, 8).SelectMany(length => Gen.ArrayOf(Gen.Elements(Alphabet.ToCharArray()), length)).Select(characters => new string(characters));

    /// <summary>A name as it can be said: not empty, no backslash at the end, and none before what can be escaped, which a reader cannot tell apart.</summary>
    private static Gen<string> Key => Text.Where(text => text.Length > 0 && !text.EndsWith('\\')
        && !text.Contains("\\,", StringComparison.Ordinal) && !text.Contains("\\=", StringComparison.Ordinal) && !text.Contains("\\ ", StringComparison.Ordinal));

    private static Gen<object> Value => Gen.OneOf(
        Text.Select(text => (object)text),
        Gen.Choose(int.MinValue, int.MaxValue).Select(number => (object)(long)number),
        Gen.Choose(0, int.MaxValue).Select(number => (object)(ulong)number),
        Gen.Choose(int.MinValue, int.MaxValue).Select(number => (object)(number / 977.0)),
        Gen.Elements<object>(true, false));
}
