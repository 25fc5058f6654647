using System.Collections.Immutable;
using System.Text.Json;
using EcgStream.Core.Signals;
using EcgStream.Formats;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Cli;
using EcgStream.Simulator.Tests.Streaming;
using Lead = EcgStream.Core.Signals.Lead;
using RefusalReason = EcgStream.Protocol.V1.RefusalReason;

namespace EcgStream.Simulator.Tests.Replay;

/// <summary>The whole command against a small service that answers each window by the height of the signal.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgsim-test-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly Dictionary<ulong, int> _samples = [];
    private readonly HashSet<(string Device, string Model, ulong WindowStart)> _stored = [];
    private TestDaemon _daemon = null!;
    private ulong _cursor;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _daemon.Behaviour.Journaled = Answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Replay_FolderWithLabels_ReportsEveryRecordAndTheConfusion()
    {
        // 9 small and 3 high ones; two labels are wrong on purpose, and one record has none.
        for (var i = 0; i < 12; i++)
        {
            WriteMat($"R{i:00}", 5000, i % 4 == 3 ? 3 : 0.5);
        }

        File.WriteAllLines(Label("reference.txt"), Enumerable.Range(0, 11).Select(i => $"R{i:00}\t{(i % 4 == 3 ? 1 : i < 2 ? 1 : 0)}"));
        var code = await RunAsync("replay", _folder, "--speed", "max", "--devices", "3", "--labels", Label("reference.txt"), "--report", Label("out.json"));
        Assert.Equal(ExitCodes.Done, code);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Label("out.json"), TestContext.Current.CancellationToken));
        var entries = report.RootElement.GetProperty("entries").EnumerateArray().OrderBy(entry => entry.GetProperty("record").GetString()).ToList();
        Assert.Equal(12, entries.Count);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal("answered", entries[i].GetProperty("status").GetString());
            Assert.Equal(i % 4 == 3 ? "abnormal" : "normal", entries[i].GetProperty("predicted").GetString());
            Assert.Equal(1, entries[i].GetProperty("windows").GetInt32());
            Assert.Equal(0.9, entries[i].GetProperty("scores").GetProperty(i % 4 == 3 ? "abnormal" : "normal").GetDouble(), 1e-6);
            Assert.True(entries[i].GetProperty("firstResultMs").GetDouble() > 0);
            Assert.StartsWith("sim-000", entries[i].GetProperty("device").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(JsonValueKind.Null, entries[11].GetProperty("label").ValueKind);
        var totals = report.RootElement.GetProperty("totals");
        Assert.Equal((12, 480, 480, 0, 0, 12), (Total("records"), Total("sent"), Total("acked"), Total("refused"), Total("lost"), Total("windows")));
        Assert.Equal((11, 9), (Total("scored"), Total("correct")));
        Assert.Equal(9.0 / 11, totals.GetProperty("accuracy").GetDouble(), 1e-6);
        Assert.Equal(2, totals.GetProperty("confusion").GetProperty("abnormal").GetProperty("normal").GetInt32());
        Assert.Equal("m-normal-abnormal", report.RootElement.GetProperty("model").GetString());
        Assert.Equal(12, _daemon.Behaviour.Journal.Count(chunk => chunk.EndOfSession));
        Assert.All(_daemon.Behaviour.Journal, chunk => Assert.Equal(1, chunk.GainMicrovoltsPerLsb));

        int Total(string name) => totals.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Replay_SeveralSessionsOfADevice_TheDeviceClockNeverRunsBack()
    {
        for (var i = 0; i < 6; i++)
        {
            WriteMat($"R{i}", 5000, 0.5);
        }

        Assert.Equal(ExitCodes.Done, await RunAsync("replay", _folder, "--speed", "max", "--devices", "2"));
        foreach (var device in _daemon.Behaviour.Journal.GroupBy(chunk => chunk.DeviceId))
        {
            Assert.Equal(device.Select(chunk => chunk.DeviceTimeUnixNs).Order(), device.Select(chunk => chunk.DeviceTimeUnixNs));
            Assert.All(device.GroupBy(chunk => chunk.SessionId), session =>
                Assert.Equal(Enumerable.Range(0, 40).Select(i => session.First().DeviceTimeUnixNs + ((ulong)i * 250_000_000)), session.Select(chunk => chunk.DeviceTimeUnixNs)));
        }
    }

    [Fact]
    public async Task Replay_LongRecord_MeansTheScoresOfItsWindows()
    {
        // 12.5 s: windows from 0, 1 and 2 s; the service calls the second abnormal.
        WriteMat("long", 6250, 0.5);
        _daemon.Behaviour.Journaled = chunk =>
        {
            if (chunk.EndOfSession)
            {
                Publish(chunk, "m-normal-abnormal", 0, 0.9f);
                Publish(chunk, "m-normal-abnormal", 1, 0.2f);
                Publish(chunk, "m-normal-abnormal", 2, 0.7f);
                Publish(chunk, "m-normal-abnormal", 2, 0.7f);
            }
        };
        Assert.Equal(ExitCodes.Done, await RunAsync("replay", Label("long.mat"), "--speed", "max", "--report", Label("out.json")));
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Label("out.json"), TestContext.Current.CancellationToken));
        var entry = report.RootElement.GetProperty("entries")[0];
        Assert.Equal(3, entry.GetProperty("windows").GetInt32());
        Assert.Equal(0.6, entry.GetProperty("scores").GetProperty("normal").GetDouble(), 1e-5);
        Assert.Equal("normal", entry.GetProperty("predicted").GetString());
    }

    [Fact]
    public async Task Replay_NamedModel_CountsItsResultsOnly()
    {
        WriteMat("a", 5000, 0.5);
        _daemon.Behaviour.Journaled = chunk =>
        {
            if (chunk.EndOfSession)
            {
                Publish(chunk, "m-normal-abnormal", 0, 0.9f);
                Publish(chunk, "other", 0, 0.1f);
            }
        };
        Assert.Equal(ExitCodes.Done, await RunAsync("replay", _folder, "--speed", "max", "--model", "other"));
        Assert.Contains("a: abnormal", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_UnreadableFileAmongGoodOnes_IsNamedAndTheOthersGoOn()
    {
        WriteMat("good1", 5000, 0.5);
        WriteMat("good2", 5000, 3);
        await File.WriteAllBytesAsync(Label("bad.mat"), (await File.ReadAllBytesAsync(Label("good1.mat"), TestContext.Current.CancellationToken))[..3000], TestContext.Current.CancellationToken);
        var code = await RunAsync("replay", _folder, "--speed", "max", "--report", Label("out.json"));
        Assert.Equal(ExitCodes.BadInput, code);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Label("out.json"), TestContext.Current.CancellationToken));
        Assert.Equal(2, report.RootElement.GetProperty("totals").GetProperty("answered").GetInt32());
        var bad = report.RootElement.GetProperty("entries").EnumerateArray().Single(entry => entry.GetProperty("status").GetString() == "unreadable");
        Assert.Contains("bad.mat", bad.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_RefusedChunks_ExitsWithOneAndSaysWhy()
    {
        WriteMat("a", 5000, 0.5);
        _daemon.Behaviour.Refuse = (chunk, _) => chunk.Sequence == 7 ? RefusalReason.FormatChanged : null;
        Assert.Equal(ExitCodes.Lost, await RunAsync("replay", _folder, "--speed", "max"));
        Assert.Contains("1 of 40 chunks refused: refused by the test: FormatChanged", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_SameRecordsTwiceAsTheSameDevices_AnswersBothTimes()
    {
        for (var i = 0; i < 6; i++)
        {
            WriteMat($"R{i}", 5000, 0.5);
        }

        // At full speed the first replay's device clocks run far ahead of the second's begin.
        for (var round = 1; round <= 2; round++)
        {
            Assert.Equal(ExitCodes.Done, await RunAsync("replay", _folder, "--speed", "max", "--devices", "2", "--result-timeout", "5"));
            Assert.Equal(6 * round, _stored.Count);
        }

        Assert.Equal(12, _daemon.Behaviour.Journal.Select(chunk => chunk.SessionId).Distinct().Count());
    }

    [Fact]
    public async Task Replay_NoResults_ExitsWithOneAfterTheTimeout()
    {
        WriteMat("a", 5000, 0.5);
        _daemon.Behaviour.Journaled = null;
        Assert.Equal(ExitCodes.Lost, await RunAsync("replay", _folder, "--speed", "max", "--result-timeout", "0.3"));
        Assert.Contains("no result of any model within 0.3 s", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ShorterThanAWindow_SaysSo()
    {
        WriteMat("a", 4999, 0.5);
        Assert.Equal(ExitCodes.Lost, await RunAsync("replay", _folder, "--speed", "max"));
        Assert.Contains("9.998 s is shorter than a window of 10 s", _out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay", "no-such-thing", "--to", "grpc://localhost:1")]
    [InlineData("replay", ".", "--to", "http://localhost:1")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--speed", "fast")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--speed", "0")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--devices", "0")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--chunk-ms", "2001")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--lead", "V9")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--fs", "50")]
    [InlineData("replay", ".", "--to", "grpc://localhost:1", "--results", "mqtt://localhost:1")]
    [InlineData("replay", ".")]
    [InlineData("synth", "--rhythm", "sinus")]
    [InlineData("synth", "--rhythm", "waltz", "--out", "x")]
    [InlineData("watch", "--to", "mqtt://localhost:1")]
    [InlineData("nonsense")]
    public async Task Run_WrongUsage_ExitsWithTwoAndAMessage(params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, await EcgSimApp.RunAsync(args, Context(), TestContext.Current.CancellationToken));
        Assert.NotEmpty(_error.ToString());
    }

    [Fact]
    public async Task Synth_ThenReplay_EveryFormatGoesThrough()
    {
        foreach (var format in new[] { "wfdb", "mat", "mat4", "csv" })
        {
            var code = await EcgSimApp.RunAsync(
                ["synth", "--rhythm", "sinus,pvc", "--count", "2", "--seconds", "10", "--out", Label(format), "--format", format, "--name", format], Context(), TestContext.Current.CancellationToken);
            Assert.Equal(ExitCodes.Done, code);
            Assert.True(File.Exists(Path.Combine(Label(format), format + "-0001.atr")));
            Assert.Equal($"{format}-0001\t0\n{format}-0002\t1\n", await File.ReadAllTextAsync(Path.Combine(Label(format), "reference.txt"), TestContext.Current.CancellationToken));
        }

        Assert.Equal(ExitCodes.Done, await RunAsync("replay", _folder, "--speed", "max", "--devices", "2"));
        Assert.Contains("records: 8: 8 answered", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_ReadsAndSaysWhatWasAssumed_WithoutADaemon()
    {
        await File.WriteAllTextAsync(Label("u.csv"), "foo,ECG1\n" + string.Concat(Enumerable.Repeat("1,900\n2,-900\n", 600)), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, await EcgSimApp.RunAsync(["replay", Label("u.csv"), "--dry-run", "--unit", "auto", "--fs", "250"], Context(), TestContext.Current.CancellationToken));
        var told = _out.ToString();
        Assert.Contains("u: 1 leads (ECG), 1200 samples at 250 Hz (4.8 s)", told, StringComparison.Ordinal);
        Assert.Contains("unit µV found by --unit auto", told, StringComparison.Ordinal);
        Assert.Contains("'foo' left out", told, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadInput, await EcgSimApp.RunAsync(["replay", Label("u.csv"), "--dry-run", "--lead", "II,V1,V5"], Context(), TestContext.Current.CancellationToken));
        Assert.Contains("refused", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(RecordingDefaults), _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_NotesOfTheReader_AreToldOnceAndStandInTheReport()
    {
        WriteMat("a", 5000, 0.5);
        WriteMat("b", 5000, 0.5);
        Assert.Equal(ExitCodes.Done, await RunAsync("replay", _folder, "--speed", "max", "--report", Label("out.json")));
        Assert.Contains("and 1 more: the file states no unit; mV assumed", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("mV assumed", await File.ReadAllTextAsync(Label("out.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--unit", "mmHg", "mV, uV, V or auto")]
    [InlineData("--gain", "0", "200(1024)")]
    [InlineData("--lead", "II,foo", "'foo' is not a lead")]
    [InlineData("--missing", "maybe", "--missing")]
    public async Task Replay_OptionOfAnotherValue_IsRefusedByItsName(string option, string value, string told)
    {
        Assert.Equal(ExitCodes.BadInput, await EcgSimApp.RunAsync(["replay", _folder, "--dry-run", option, value], Context(), TestContext.Current.CancellationToken));
        Assert.Contains(told, _error.ToString(), StringComparison.Ordinal);
    }

    private string Label(string file) => Path.Combine(_folder, file);

    private CliContext Context() => new(_out, _error, false, TimeProvider.System);

    private Task<int> RunAsync(params string[] args) =>
        EcgSimApp.RunAsync([.. args, "--to", _daemon.Endpoint.ToString()], Context(), TestContext.Current.CancellationToken);

    private void WriteMat(string name, int samples, double millivolts)
    {
        var rows = Enumerable.Range(0, 12).Select(lead => Enumerable.Range(0, samples).Select(i => millivolts * Math.Sin(i / 20.0 + lead)).ToArray()).ToArray();
        var info = new RecordingInfo { Name = name, SourcePath = name, SampleRateHz = 500, Leads = [.. LeadNames.StandardTwelve] };
        RecordingWriter.WriteMat5(Label(name + ".mat"), Recording.FromPhysical(info, rows));
    }

    private void Answer(SampleChunk chunk)
    {
        lock (_samples)
        {
            var samples = _samples[chunk.SessionId] = _samples.GetValueOrDefault(chunk.SessionId) + (int)chunk.SamplesPerLead;
            if (!chunk.EndOfSession || samples < 5000)
            {
                return;
            }
        }

        var high = false;
        for (var i = 0; i < chunk.Samples.Length; i += 2)
        {
            high |= Math.Abs(BitConverter.ToInt16(chunk.Samples.Span[i..])) > 2000;
        }

        Publish(chunk, "m-normal-abnormal", 0, high ? 0.1f : 0.9f);
    }

    private void Publish(SampleChunk chunk, string model, uint window, float normal)
    {
        var result = new RhythmResult
        {
            DeviceId = chunk.DeviceId,
            SessionId = chunk.SessionId,
            Model = model,
            ModelVersion = "1.0.0",
            WindowStartUnixNs = chunk.DeviceTimeUnixNs + window,
            PredictedIndex = normal >= 0.5f ? 0u : 1u,
            Abnormal = normal < 0.5f,
        };
        result.Scores.Add(new LabelScore { Label = "normal", Score = normal });
        result.Scores.Add(new LabelScore { Label = "abnormal", Score = 1 - normal });
        lock (_samples)
        {
            // As the daemon: a window that is stored has its result, whatever session it comes from.
            if (!_stored.Add((result.DeviceId, result.Model, result.WindowStartUnixNs)))
            {
                return;
            }

            _daemon.Behaviour.Results.Writer.TryWrite(new ResultEvent { Cursor = ++_cursor, Result = result });
        }
    }
}
