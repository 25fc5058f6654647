using System.Text.Json;
using EcgStream.Simulator;

namespace EcgStream.Functional.Tests.Replay;

/// <summary>Real competition records through the whole daemon; skipped where they are not unpacked.</summary>
public sealed class RealRecordsTests(ITestOutputHelper output) : IDisposable
{
    private const string Variable = "ECG_DATA_UNPACKED";
    private const int Records = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-real-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_FortyChinaEcgRecords_SamePredictionsFromGrpcAndMqtt()
    {
        var root = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(!string.IsNullOrEmpty(root), $"{Variable} names no folder of unpacked recordings");
        var set = Path.Combine(root, "china-ecg-2019", "TEST");
        Assert.SkipUnless(Directory.Exists(set), $"china-ecg-2019 is not unpacked below {Variable}");
        var files = Directory.GetFiles(set, "*.mat").Order(StringComparer.Ordinal).Take(Records).ToArray();
        Assert.Equal(Records, files.Length);
        foreach (var file in files)
        {
            File.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(file)), file);
        }

        await using var daemon = await TestDaemon.StartAsync();
        var grpc = await ReplayAsync(daemon, $"grpc://127.0.0.1:{daemon.Grpc.Port}", "over-grpc");
        var mqtt = await ReplayAsync(daemon, $"mqtt://127.0.0.1:{daemon.MqttPort}", "over-mqtt");
        Assert.Equal(grpc, mqtt);
        output.WriteLine($"{grpc.Count(entry => entry.Value == "abnormal")} of {Records} abnormal, the same over both");
        Assert.Empty(daemon.Errors);
    }

    private async Task<SortedDictionary<string, string?>> ReplayAsync(TestDaemon daemon, string to, string prefix)
    {
        var report = Path.Combine(_folder, prefix + ".json");
        var code = await EcgSimApp.RunAsync(
        [
            "replay", _folder, "--to", to, "--results", $"grpc://127.0.0.1:{daemon.Grpc.Port}", "--speed", "max", "--device-prefix", prefix, "--report", report,
        ]);
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(report, TestContext.Current.CancellationToken));
        var predicted = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var entry in json.RootElement.GetProperty("entries").EnumerateArray())
        {
            predicted.Add(entry.GetProperty("record").GetString()!, entry.GetProperty("predicted").GetString());
        }

        Assert.Equal(Records, predicted.Count);
        return predicted;
    }
}
