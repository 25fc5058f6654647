using System.Globalization;
using System.Text.Json;
using EcgStream.Evaluation.Cli;
using EcgStream.Formats;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Synth;
using EcgStream.Testing.Models;
using EcgStream.Testing.Onnx;
using System.Text.Json.Nodes;

namespace EcgStream.Evaluation.Tests.Contests;

public sealed class PredictCommandTests : IDisposable
{
    private const string TwelveLead = "rhythm-12lead-normal-abnormal";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Predict_Tianchi_RowsGoInAsTheyAre()
    {
        float[] weights = [1, -2, 3, 0.5f];
        TestModels.WriteTianchi(ScratchFolder.ShippedModels, _folder["beat"], 4, weights, [0, 0, 0, 0]);
        var random = new Random(3);
        var beats = Enumerable.Range(0, 150).Select(_ => Enumerable.Range(0, 205).Select(_ => Math.Round(random.NextDouble(), 4)).ToArray()).ToArray();
        var input = _folder.Write("testA.csv", ["id,heartbeat_signals", .. beats.Select((beat, index) => $"{1000 + index},\"{string.Join(',', beat.Select(value => value.ToString(CultureInfo.InvariantCulture)))}\"")]);

        var (exit, output, error) = await ScratchFolder.RunAsync("predict", _folder["beat"], input, "--format", "tianchi", "--out", _folder["submit.csv"]);
        Assert.True(exit == ExitCodes.Done, error);
        Assert.Equal(150, JsonDocument.Parse(output).RootElement.GetProperty("rows").GetInt32());
        var lines = await File.ReadAllLinesAsync(_folder["submit.csv"], TestContext.Current.CancellationToken);
        Assert.Equal("id,label_0,label_1,label_2,label_3", lines[0]);
        for (var row = 0; row < beats.Length; row++)
        {
            var fields = lines[row + 1].Split(',');
            Assert.Equal((1000 + row).ToString(CultureInfo.InvariantCulture), fields[0]);
            double[] powers = [.. weights.Select(weight => Math.Exp(weight * beats[row].Average()))];
            for (var label = 0; label < 4; label++)
            {
                Assert.Equal(powers[label] / powers.Sum(), double.Parse(fields[label + 1], CultureInfo.InvariantCulture), 1e-5);
            }
        }
    }

    [Theory]
    [InlineData("id,heartbeat_signals|1,\"0.5,1\"", "line 2: 2 values")]
    [InlineData("id,heartbeat_signals|1,\"0.5,x\"", "line 2, id 1, value 2: 'x' is not a number")]
    [InlineData("id,signal_strength|1,2", "line 1")]
    public async Task Predict_TianchiBadRow_NamesFileAndLine(string text, string expected)
    {
        TestModels.WriteTianchi(ScratchFolder.ShippedModels, _folder["beat"], 4, new float[4], new float[4]);
        var input = _folder.Write("testA.csv", text.Split('|'));
        var (exit, _, error) = await ScratchFolder.RunAsync("predict", _folder["beat"], input, "--format", "tianchi", "--out", _folder["submit.csv"]);
        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.True(error.Contains(expected, StringComparison.Ordinal) && error.Contains("testA.csv", StringComparison.Ordinal), error);
        Assert.False(File.Exists(_folder["submit.csv"]));
    }

    [Fact]
    public async Task Predict_ModelThatCannotAnswer_IsRefusedWithTheReason()
    {
        TestModels.WriteTianchi(ScratchFolder.ShippedModels, _folder["five"], 5, new float[5], new float[5]);
        var input = _folder.Write("testA.csv", "id,heartbeat_signals");
        foreach (var (model, format, reason) in new[] { (_folder["five"], "tianchi", "has 5 labels (0, 1, 2, 3, 4)"), (TwelveLead, "tianchi", "takes [8, 1250]"), (_folder["five"], "china", "single beats"), ("nothing", "china", TwelveLead) })
        {
            var (exit, _, error) = await ScratchFolder.RunAsync("predict", model, input, "--format", format, "--out", _folder["out"]);
            Assert.Equal(ExitCodes.BadInput, exit);
            Assert.True(error.Contains(reason, StringComparison.Ordinal), error);
        }
    }

    [Fact]
    public async Task Predict_China_AnswersInNaturalOrderAsTheModelSays()
    {
        WriteRecords();
        var (exit, _, error) = await ScratchFolder.RunAsync("predict", TwelveLead, _folder["records"], "--format", "china", "--out", _folder["answers.txt"]);
        Assert.True(exit == ExitCodes.Done, error);
        Assert.Equal(["TEST2,0", "TEST9,1", "TEST10,1"], await File.ReadAllLinesAsync(_folder["answers.txt"], TestContext.Current.CancellationToken));
        _folder.Write("reference.txt", "TEST2\t0", "TEST9\t1", "TEST10\t0");
        var (_, output, _) = await ScratchFolder.RunAsync("score", _folder["answers.txt"], _folder["reference.txt"], "--format", "china");
        Assert.Contains("\"accuracy\":{\"value\":0.6666666666666666", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_AiwinTask1_HasTheContestsHeader()
    {
        WriteRecords();
        var (exit, _, error) = await ScratchFolder.RunAsync("predict", TwelveLead, _folder["records"], "--format", "aiwin", "--out", _folder["answer.csv"]);
        Assert.True(exit == ExitCodes.Done, error);
        Assert.Equal(["name,tag", "TEST2,0", "TEST9,1", "TEST10,1"], await File.ReadAllLinesAsync(_folder["answer.csv"], TestContext.Current.CancellationToken));
    }

    /// <summary>A model whose probabilities are known: "normal" and two more over their thresholds; "normal" stands alone or not at all.</summary>
    [Fact]
    public async Task Predict_AiwinTask2_WritesTheCodesFound()
    {
        WriteRecords();
        string[] names = ["normal", "sinus_bradycardia", "sinus_tachycardia", "sinus_arrhythmia", "atrial_fibrillation", "pvc", "pac", "first_degree_av_block", "complete_rbbb", "t_wave_change", "st_change", "other"];
        var card = TestModels.Card(ScratchFolder.ShippedModels, TwelveLead);
        card["output"]!["kind"] = "sigmoid";
        card["output"]!["labels"] = new JsonArray([.. names.Select(name => TestModels.Label(name, name != "normal"))]);
        card["thresholds"]!["labels"] = new JsonObject { ["pvc"] = 0.3 };
        var low = (float)Math.Log(0.2 / 0.8);
        float[] found = [3, low, low, low, low, (float)Math.Log(0.35 / 0.65), low, low, low, low, 2, low];
        float[] none = [low, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5];
        foreach (var (bias, expected) in new[] { (found, "TEST2,6,11"), (none, "TEST2,1") })
        {
            TestModels.Write(_folder["twelve"], card, OnnxModelWriter.MeanClassifier(8, 1250, 12, new float[96], bias, "Sigmoid"));
            var (exit, _, error) = await ScratchFolder.RunAsync("predict", _folder["twelve"], _folder["records"], "--format", "aiwin", "--out", _folder["answer.csv"]);
            Assert.True(exit == ExitCodes.Done, error);
            Assert.Equal(expected, (await File.ReadAllLinesAsync(_folder["answer.csv"], TestContext.Current.CancellationToken))[0]);
        }
    }

    [Fact]
    public async Task Predict_RecordsThatCannotBeRead_AllAreToldAndNothingIsWritten()
    {
        WriteRecords();
        await File.WriteAllBytesAsync(Path.Combine(_folder["records"], "X.mat"), new byte[200], TestContext.Current.CancellationToken);
        RecordingWriter.WriteMat5(Path.Combine(_folder["records"], "SHORT.mat"), SyntheticRecord.Make("SHORT", new SynthSpec { Seed = 1 }, 2500));
        var (exit, _, error) = await ScratchFolder.RunAsync("predict", TwelveLead, _folder["records"], "--format", "china", "--out", _folder["answers.txt"]);
        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.True(error.Contains("X.mat", StringComparison.Ordinal) && error.Contains("SHORT.mat: no window of 10 s", StringComparison.Ordinal), error);
        Assert.False(File.Exists(_folder["answers.txt"]));
    }

    private void WriteRecords()
    {
        Directory.CreateDirectory(_folder["records"]);
        foreach (var (name, rhythm, seed) in new[] { ("TEST10", RhythmKind.AtrialFibrillation, 13UL), ("TEST9", RhythmKind.Bradycardia, 22UL), ("TEST2", RhythmKind.Sinus, 11UL) })
        {
            RecordingWriter.WriteMat5(Path.Combine(_folder["records"], name + ".mat"), SyntheticRecord.Make(name, new SynthSpec { Rhythm = rhythm, Seed = seed }, 5000));
        }
    }
}
