namespace EcgStream.Functional.Tests.Commands;

/// <summary>What the command line of <c>ecgstreamd</c> explains and what it refuses, as a process.</summary>
public sealed class CommandLineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_OfTheProgram_ListsEveryCommandAndSaysWhatItIsNot(string how)
    {
        var (code, output, error) = await DaemonProcess.RunAsync(Cancellation, how);
        Assert.True(code == 0, error);
        string[] commands =
        [
            "run", "demo", "check", "health", "devices", "alarms", "discharge", "settings", "version", "help",
            "--Section:Key=value",
        ];
        foreach (var command in commands)
        {
            Assert.Matches($"(?m)^  {command} |<{command}>", output);
        }

        Assert.Contains("not a certified medical device", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "help", "alarms")]
    [InlineData("ALARM", "alarms", "ack", "--help")]
    [InlineData("--seconds", "demo", "--help")]
    public async Task Help_OfACommand_NamesItsOptions(string named, params string[] arguments)
    {
        var (code, output, error) = await DaemonProcess.RunAsync(Cancellation, arguments);
        Assert.True(code == 0, error);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus", "bogus")]
    [InlineData("--bogus", "--bogus")]
    [InlineData("check.json", "check", "check.json")]
    [InlineData("--too", "devices", "--too", "grpc://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "devices", "--to", "http://127.0.0.1:1")]
    [InlineData("nonsense", "health", "--at", "nonsense")]
    [InlineData("15 to 86400", "demo", "--seconds", "3")]
    [InlineData("many", "demo", "--seconds", "many")]
    [InlineData("ack", "alarms", "ack")]
    [InlineData("--json", "settings", "--json")]
    public async Task Run_WrongUsage_EndsWith2AndNamesIt(string named, params string[] arguments)
    {
        var (code, _, error) = await DaemonProcess.RunAsync(Cancellation, arguments);
        Assert.True(code == 2, $"exit {code}: {error}");
        Assert.StartsWith("ecgstreamd: ", error, StringComparison.Ordinal);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }
}
