using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EcgStream.Functional.Tests.Hosting;

/// <summary>A daemon that is set up wrongly does not start, and says in one line what to change.</summary>
public sealed class StartRefusedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Ingest:Grpc:Port", "70000", "0", "65535")]
    [InlineData("Ingest:Mqtt:Port", "-1", "0", "65535")]
    [InlineData("Ingest:Grpc:Port", "many", "many", "whole number")]
    [InlineData("Http:Port", "99999", "0", "65535")]
    [InlineData("Http:BindAddress", "nonsense", "localhost")]
    [InlineData("Ingest:Mqtt:Broker", "nonsense", "nonsense", "mqtt://host:port")]
    [InlineData("Alarms:RhythmRaise", "9", "RhythmWindows", "9", "7")]
    [InlineData("Alarms:UpdateInterval", "00:00:00", "00:00:01", "00:10:00")]
    [InlineData("Inference:Device", "quantum", "quantum", "auto, cpu, cuda")]
    [InlineData("Inference:ModelsPath", "/nowhere/models", "/nowhere/models")]
    [InlineData("Inference:OptionalModels", "no-such-model", "no-such-model", "expected")]
    [InlineData("Storage:DataDirectory", "/proc/nowhere", "/proc/nowhere")]
    public async Task Run_WrongSetting_EndsWithOneLineThatNamesIt(string key, string value, params string[] named)
    {
        using var folder = new Folder();
        var settings = DaemonProcess.Settings(folder.Path, out _);
        var words = named.Contains("/proc/nowhere") ? named : [key, .. named];
        await AssertRefusedAsync([.. settings.Where(setting => !setting.StartsWith($"--{key}=", StringComparison.Ordinal)), $"--{key}={value}"], words);
    }

    [Fact]
    public async Task Run_CudaWithoutADevice_EndsWithOneLineThatSaysWhy()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidia0"), "This machine has a CUDA device.");
        using var folder = new Folder();
        var settings = DaemonProcess.Settings(folder.Path, out _);
        await AssertRefusedAsync([.. settings.Where(setting => !setting.StartsWith("--Inference:Device", StringComparison.Ordinal)), "--Inference:Device=cuda"], "Inference:Device", "cuda");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Run_PortInUse_EndsWithOneLineThatNamesThePort(int which)
    {
        using var folder = new Folder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        string[] keys = ["Ingest:Grpc:Port", "Ingest:Mqtt:Port", "Http:Port"];
        var settings = DaemonProcess.Settings(folder.Path, out _);
        await AssertRefusedAsync(
            [.. settings.Where(setting => !setting.StartsWith($"--{keys[which]}", StringComparison.Ordinal)), $"--{keys[which]}={port}"], keys[which], port, "in use");
    }

    [Fact]
    public async Task Run_SettingWithoutAValue_EndsWithTheWayToWriteIt()
    {
        await using var daemon = DaemonProcess.Start("--Storage:DataDirectory");
        Assert.Equal(2, await daemon.ExitAsync(Cancellation));
        Assert.Contains("--Section:Key=value", daemon.Error, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(string[] settings, params string[] named)
    {
        await using var daemon = DaemonProcess.Start(settings);
        var code = await daemon.ExitAsync(Cancellation);
        var said = daemon.Error.Split('\n').Where(line => line.StartsWith("ecgstreamd:", StringComparison.Ordinal)).ToList();
        Assert.True(code == 3, $"exit code {code}:\n{daemon.Error}");
        Assert.True(said.Count == 1, daemon.Error);
        Assert.All(named, word => Assert.True(said[0].Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' is not in: {said[0]}"));
        Assert.DoesNotContain("   at ", daemon.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", daemon.Error, StringComparison.Ordinal);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("ecgstream-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
