using EcgStream.Daemon.Settings;
using Microsoft.Extensions.Configuration;

namespace EcgStream.Daemon.Tests.Settings;

public sealed class UnknownSettingsTests
{
    [Fact]
    public void Find_EveryKnownKey_IsTaken() =>
        Assert.Empty(Find([.. SettingsCatalog.Keys.Select(key => (key, "1")), ("Logging:LogLevel:Default", "Debug"), ("Inference:BatchSizes:0", "1")]));

    [Fact]
    public void Find_KeyInOtherLetters_IsTaken() => Assert.Empty(Find([("storage:datadirectory", "x")]));

    [Theory]
    [InlineData("Storage:DataDirectroy", "Storage:DataDirectory")]
    [InlineData("Ingest:Grcp:Port", "Ingest:Grpc:Port")]
    [InlineData("Storage:DataDir", "Storage:DataDirectory")]
    public void Find_MistypedKey_NamesItAndTheNearest(string key, string nearest)
    {
        var line = Assert.Single(Find([(key, "1")]));
        Assert.Contains(key, line, StringComparison.Ordinal);
        Assert.Contains($"did you mean {nearest}?", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_KeyLikeNone_SaysWhereAllAreListed() =>
        Assert.Contains("ecgstreamd settings", Assert.Single(Find([("Quux:Frobnicate", "1")])), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("kitten", "SITTING", 3)]
    [InlineData("abc", "", 3)]
    public void Distance_OfTwoWords_IsLevenshteins(string a, string b, int expected)
    {
        Assert.Equal(expected, UnknownSettings.Distance(a, b));
        Assert.Equal(expected, UnknownSettings.Distance(b, a));
    }

    private static IReadOnlyList<string> Find((string Key, string Value)[] settings) =>
        UnknownSettings.Find(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}
