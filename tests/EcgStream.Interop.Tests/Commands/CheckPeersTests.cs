using EcgStream.Functional.Tests;
using EcgStream.Testing.Influx;

namespace EcgStream.Interop.Tests.Commands;

/// <summary><c>ecgstreamd check</c> against a real InfluxDB and a real broker, rightly and wrongly set up.</summary>
public sealed class CheckPeersTests
{
    private const string Token = "the-right-one";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Token, "ecg", 0, "ok    influxdb", "takes lines for bucket 'ecg'")]
    [InlineData("the-wrong-one", "ecg", 1, "FAIL  influxdb", "refuses the token")]
    [InlineData(Token, "no-such-bucket", 1, "FAIL  influxdb", "no-such-bucket")]
    public async Task Check_InfluxDb_SaysWhetherItTakesLines(string token, string bucket, int code, params string[] words)
    {
        Assert.SkipWhen(InfluxServer.Missing is not null, InfluxServer.Missing ?? "");
        await using var server = await InfluxServer.StartAsync("ecg", Cancellation, Token);
        await AssertLineAsync(code, words, $"--Storage:Influx:Url={server.Url}", "--Storage:Influx:Org=-", $"--Storage:Influx:Bucket={bucket}", $"--Storage:Influx:Token={token}");
    }

    [Theory]
    [InlineData("ecgstreamd", null, 0, "ok    broker", "takes user 'ecgstreamd'", "ecg/v1/+/+/samples")]
    [InlineData("ecgstreamd", "wrong", 1, "FAIL  broker", "refuses user 'ecgstreamd'", "Ingest:Mqtt:Password")]
    [InlineData("nobody", "x", 1, "FAIL  broker", "refuses user 'nobody'")]
    public async Task Check_ShippedMosquitto_SaysWhatTheUserMayDo(string user, string? password, int code, params string[] words)
    {
        await using var broker = await Deploy.ShippedMosquitto.StartAsync("ecgstreamd", "clinician");
        await AssertLineAsync(
            code, words, $"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{broker.PlainPort}", $"--Ingest:Mqtt:UserName={user}", $"--Ingest:Mqtt:Password={password ?? broker.PasswordOf(user)}");
    }

    private static async Task AssertLineAsync(int code, string[] words, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-check-");
        var (ended, output, error) = await DaemonProcess.RunAsync(Cancellation, ["check", .. DaemonProcess.Settings(folder.FullName, out _), .. settings]);
        folder.Delete(recursive: true);
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(words[0], StringComparison.Ordinal));
        Assert.True(ended == code && line is not null, $"exit {ended}\n{output}{error}");
        Assert.All(words[1..], word => Assert.Contains(word, line, StringComparison.Ordinal));
        TestContext.Current.SendDiagnosticMessage(line!);
    }
}
