using System.Globalization;
using System.Text.Json;
using EcgStream.Formats;
using EcgStream.Formats.Mat;
using EcgStream.Simulator;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Replay;

/// <summary>MAT files with known rhythms, written by the project's own writers, replayed by <c>ecgsim</c> into the whole daemon.</summary>
public sealed class MatReplayTests : IDisposable
{
    private const int TenSeconds = 5000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-replay-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Labels => Path.Combine(_folder, "reference.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_KnownRhythmsOverGrpcAndMqtt_SameScoresAndTheExpectedLabels()
    {
        var written = WriteRhythms();
        await using var daemon = await TestDaemon.StartAsync();
        var (grpcCode, grpc) = await ReplayAsync(daemon, $"grpc://127.0.0.1:{daemon.Grpc.Port}", "over-grpc");
        var (mqttCode, mqtt) = await ReplayAsync(daemon, $"mqtt://127.0.0.1:{daemon.MqttPort}", "over-mqtt");

        Assert.Equal((0, 0), (grpcCode, mqttCode));
        Assert.Equal(written.Keys.Order(), grpc.Keys.Order());
        Assert.Equal(grpc.Keys.Order(), mqtt.Keys.Order());
        foreach (var (name, rhythm) in written)
        {
            var (left, right) = (grpc[name], mqtt[name]);
            Assert.Equal("answered", left.GetProperty("status").GetString());
            var expected = rhythm == RhythmKind.Sinus ? "normal" : "abnormal";
            Assert.Equal(expected, left.GetProperty("label").GetString());
            Assert.True(expected == left.GetProperty("predicted").GetString(), $"{name} is {rhythm}: {left}");
            Assert.Equal(left.GetProperty("predicted").GetString(), right.GetProperty("predicted").GetString());
            Assert.Equal(1, left.GetProperty("windows").GetInt32());
            Assert.Equal(40, left.GetProperty("chunks").GetProperty("acked").GetInt32());
            foreach (var score in left.GetProperty("scores").EnumerateObject())
            {
                // The same window in another batch size may differ in the last bits of a float.
                Assert.Equal(score.Value.GetDouble(), right.GetProperty("scores").GetProperty(score.Name).GetDouble(), 5e-6);
            }
        }

        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task Replay_UnreadableFilesAmongGoodOnes_AreNamedAndTheOthersGoOn()
    {
        WriteRhythms();
        var good = Directory.GetFiles(_folder, "*.mat").Length;
        var whole = await File.ReadAllBytesAsync(Path.Combine(_folder, "R1.mat"), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "X-truncated.mat"), whole[..(whole.Length / 2)], Cancellation);
        WriteMatrix("X-shape.mat", MatMatrix.FromRows("data", MatClass.Double, Rows(7, _ => 0.1)));
        WriteMatrix("X-nan.mat", MatMatrix.FromRows("data", MatClass.Double, Rows(12, sample => sample == 1234 ? double.NaN : 0.1)));

        await using var daemon = await TestDaemon.StartAsync();
        var (code, entries) = await ReplayAsync(daemon, $"grpc://127.0.0.1:{daemon.Grpc.Port}", "sim", unreadable: 3);
        Assert.Equal(2, code);
        Assert.Equal(good, entries.Values.Count(entry => entry.GetProperty("status").GetString() == "answered"));
        foreach (var (name, place) in new[] { ("X-truncated", "byte offset 136"), ("X-shape", "12"), ("X-nan", "sample 1235") })
        {
            var entry = entries[name];
            Assert.Equal("unreadable", entry.GetProperty("status").GetString());
            var message = entry.GetProperty("message").GetString()!;
            Assert.Contains(name + ".mat", message, StringComparison.Ordinal);
            Assert.True(message.Contains(place, StringComparison.Ordinal), message);
            Assert.Equal(0, entry.GetProperty("chunks").GetProperty("sent").GetInt32());
        }
    }

    private Dictionary<string, RhythmKind> WriteRhythms()
    {
        (RhythmKind Rhythm, ulong Seed)[] patients =
        [
            (RhythmKind.Sinus, 11), (RhythmKind.AtrialFibrillation, 13), (RhythmKind.Sinus, 12), (RhythmKind.Tachycardia, 21),
            (RhythmKind.Sinus, 16), (RhythmKind.Bradycardia, 22), (RhythmKind.PrematureVentricular, 23), (RhythmKind.AtrialFibrillation, 24),
        ];
        var written = new Dictionary<string, RhythmKind>();
        var labels = new Dictionary<string, string>();
        for (var i = 0; i < patients.Length; i++)
        {
            var (rhythm, seed) = patients[i];
            var name = string.Create(CultureInfo.InvariantCulture, $"R{i + 1}");
            var recording = SyntheticRecord.Make(name, new SynthSpec { Rhythm = rhythm, Seed = seed, PvcPerMinute = 30 }, TenSeconds);
            var path = Path.Combine(_folder, name + ".mat");
            switch (i % 3)
            {
                case 0: RecordingWriter.WriteMat5(path, recording); break;
                case 1: RecordingWriter.WriteMat4(path, recording); break;
                default: RecordingWriter.WriteMat5(path, recording, new MatWriteOptions { Compress = true }); break;
            }

            written.Add(name, rhythm);
            labels.Add(name, SyntheticRecord.Label(rhythm));
        }

        LabelFile.Write(Labels, labels);
        return written;
    }

    private static double[][] Rows(int leads, Func<int, double> value) =>
        [.. Enumerable.Range(0, leads).Select(_ => Enumerable.Range(0, TenSeconds).Select(value).ToArray())];

    private void WriteMatrix(string name, MatMatrix matrix) => Mat5Writer.Write(Path.Combine(_folder, name), [matrix], null);

    private async Task<(int Code, Dictionary<string, JsonElement> Entries)> ReplayAsync(TestDaemon daemon, string to, string prefix, int unreadable = 0)
    {
        var report = Path.Combine(_folder, prefix + ".json");
        var code = await EcgSimApp.RunAsync(
        [
            "replay", _folder, "--to", to, "--results", $"grpc://127.0.0.1:{daemon.Grpc.Port}", "--speed", "max", "--devices", "3",
            "--device-prefix", prefix, "--labels", Labels, "--report", report,
        ]);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(report, Cancellation));
        var entries = json.RootElement.GetProperty("entries").EnumerateArray().ToDictionary(entry => entry.GetProperty("record").GetString()!, entry => entry.Clone());
        var totals = json.RootElement.GetProperty("totals").Clone();
        int Total(string name) => totals.GetProperty(name).GetInt32();
        var read = entries.Count - unreadable;
        Assert.True((entries.Count, read, unreadable, 0) == (Total("records"), Total("answered"), Total("unreadable"), Total("stopped")), totals.ToString());
        Assert.True((40 * read, 40 * read, 0, 0) == (Total("sent"), Total("acked"), Total("refused"), Total("lost")), totals.ToString());
        Assert.True((read, read) == (Total("windows"), Total("scored")), totals.ToString());
        Assert.Equal(entries.Values.Count(entry => entry.GetProperty("correct").ValueKind == JsonValueKind.True), Total("correct"));
        return (code, entries);
    }
}
