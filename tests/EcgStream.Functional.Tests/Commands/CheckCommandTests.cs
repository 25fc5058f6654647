using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EcgStream.Functional.Tests.Commands;

/// <summary><c>ecgstreamd check</c> as a process: what it prints and how it ends, on a good set-up and on broken ones.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-check-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_GoodSetUp_EndsWith0AndOnlyOk()
    {
        var (code, output, error) = await CheckAsync();
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
        foreach (var subject in (string[])["settings", "disk", "ports", "models", "gpu", "broker", "influxdb"])
        {
            Assert.Contains(output.Split('\n'), line => line.Contains(subject, StringComparison.Ordinal));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    /// <summary>ONNX Runtime's own reports to its maker would leave their id and queue in the home folder.</summary>
    [Fact]
    public async Task Check_ModelsLoaded_LeaveNothingInTheHomeFolder()
    {
        var home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        await using var check = DaemonProcess.StartCommand(["check", .. Settings()], new Dictionary<string, string> { ["HOME"] = home, ["XDG_CACHE_HOME"] = "" });
        Assert.Equal(0, await check.ExitAsync(Cancellation));
        Assert.Contains("runs on cpu", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(home, "*", SearchOption.AllDirectories), file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("disk", "Storage:DataDirectory", "/proc/nowhere", "/proc/nowhere", "Storage:DataDirectory")]
    [InlineData("models", "Inference:ModelsPath", "/nowhere/models", "/nowhere/models", "Inference:ModelsPath")]
    [InlineData("settings", "Storage:DataDirectroy", "x", "Storage:DataDirectroy is no setting", "did you mean Storage:DataDirectory")]
    [InlineData("settings", "Arrhythmia:AsystoleSeconds", "60", "Arrhythmia:AsystoleSeconds", "60", "between 3 and 8")]
    [InlineData("settings", "Ingest:Mqtt:Port", "many", "Ingest:Mqtt:Port", "many", "whole number")]
    [InlineData("broker", "Ingest:Mqtt:Broker", "mqtt://127.0.0.1:1", "mqtt://127.0.0.1:1", "refused")]
    [InlineData("influxdb", "Storage:Influx:Url", "http://127.0.0.1:1", "http://127.0.0.1:1", "cannot be reached")]
    public async Task Check_OneThingWrong_EndsWith1AndALineThatNamesIt(string subject, string key, string value, params string[] named)
    {
        var (code, output, error) = await CheckAsync((key, value));
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.True(code == 1 && line is not null, $"exit {code}\n{output}{error}");
        Assert.StartsWith($"FAIL  {subject}", line, StringComparison.Ordinal);
        Assert.All(named, word => Assert.Contains(word, line, StringComparison.Ordinal));
        Assert.Empty(error.Trim());
    }

    [Fact]
    public async Task Check_PortInUse_NamesKeyAndPort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var (code, output, _) = await CheckAsync(("Http:Port", port));
        Assert.Equal(1, code);
        Assert.Contains(output.Split('\n'), line => line.StartsWith("FAIL  ports", StringComparison.Ordinal) && line.Contains($"Http:Port: {port}", StringComparison.Ordinal) && line.Contains("in use", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_MistypedKey_IsRefusedWithTheLineOfTheCheck()
    {
        var (_, output, _) = await CheckAsync(("Storage:DataDirectroy", "x"));
        var line = output.Split('\n').Single(line => line.StartsWith("FAIL", StringComparison.Ordinal))["FAIL  settings  ".Length..];
        var (code, _, error) = await DaemonProcess.RunAsync(Cancellation, ["run", .. Settings(("Storage:DataDirectroy", "x"))]);
        Assert.Equal(3, code);
        Assert.Contains($"ecgstreamd: {line}", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<(int Code, string Output, string Error)> CheckAsync(params (string Key, string Value)[] changed) => DaemonProcess.RunAsync(Cancellation, ["check", .. Settings(changed)]);

    private IEnumerable<string> Settings(params (string Key, string Value)[] changed) => DaemonProcess.Settings(_folder, out _)
        .Where(setting => !changed.Any(change => setting.StartsWith($"--{change.Key}=", StringComparison.Ordinal)))
        .Concat(changed.Select(change => $"--{change.Key}={change.Value}"));
}
