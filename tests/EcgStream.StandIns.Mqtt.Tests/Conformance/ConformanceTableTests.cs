using System.Reflection;
using EcgStream.Testing;

namespace EcgStream.StandIns.Mqtt.Tests.Conformance;

/// <summary>
/// <c>conformance.csv</c> lists the normative statements of OASIS MQTT 5.0 and 3.1.1 by number with what walks each: a test of this assembly, a conversation, a
/// scenario of tests/interop-peers/mqtt_suite.py, or "-:" and why none does. Everything that it names must be there.
/// </summary>
public sealed class ConformanceTableTests
{
    private static readonly (string Version, string Statement, string[] By)[] _rows =
        [.. File.ReadLines(Path.Combine(Conversation.Folder(), "conformance.csv")).Skip(1).Select(line => line.Split(',', 3)).Select(c => (c[0], c[1], c[2].Split("; ")))];

    [Fact]
    public void Table_EveryTestNamed_Exists()
    {
        var tests = Assembly.GetExecutingAssembly().GetTypes()
            .SelectMany(type => type.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>(inherit: true).Any()).Select(m => $"{type.Name}.{m.Name}")).ToHashSet();
        var suite = File.ReadAllText(Path.Combine(Conversation.Folder(), "..", "..", "interop-peers", "mqtt_suite.py"));
        var conversations = Conversation.All().SelectMany(c => c.Statements.Select(s => (c.Version == "5" ? "5.0" : "3.1.1", s))).ToHashSet();
        Assert.All(_rows, row => Assert.All(row.By, by => Assert.True(
            by.StartsWith("-: ", StringComparison.Ordinal)
            || (by == "conversation" && conversations.Contains((row.Version, row.Statement)))
            || (by.StartsWith("suite:", StringComparison.Ordinal) && suite.Contains($"\ndef {by[6..]}(", StringComparison.Ordinal))
            || tests.Contains(by),
            $"{row.Version} {row.Statement} names '{by}', which is not there")));
    }

    [Fact]
    public void Table_EveryConversation_IsListedAndNoStatementTwice()
    {
        var listed = _rows.Where(row => row.By.Contains("conversation")).Select(row => (row.Version, row.Statement)).ToHashSet();
        Assert.All(Conversation.All().SelectMany(c => c.Statements.Select(s => (c.Version == "5" ? "5.0" : "3.1.1", s))), walked => Assert.Contains(walked, listed));
        Assert.Equal(_rows.Length, _rows.DistinctBy(row => (row.Version, row.Statement)).Count());
    }

    [Fact]
    public void Table_StatementsNotWalked_AreAsManyAsTheReadmeSays()
    {
        var left = _rows.Count(row => row.By[0].StartsWith('-'));
        Assert.Contains($" {left} of the {_rows.Length},", File.ReadAllText(RepositoryFiles.Find("src/standins/MQTTnet/README.md")), StringComparison.Ordinal);
    }
}
