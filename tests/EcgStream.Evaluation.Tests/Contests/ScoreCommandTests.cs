using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcgStream.Evaluation.Cli;

namespace EcgStream.Evaluation.Tests.Contests;

public sealed class ScoreCommandTests : IDisposable
{
    private const string Header = "id,label_0,label_1,label_2,label_3";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Score_Tianchi_EndsWithOneLineOfJson()
    {
        var answers = _folder.Write("submit.csv", Header, "1,0.1,0.7,0.1,0.1", "2,1,0,0,0", "3,0,0,0.5,0.5");
        var reference = _folder.Write("train.csv", "id,heartbeat_signals,label", "2,\"0.5,1\",0", "1,\"0.5,1\",1", "3,\"0.5,1\",3");
        var (exit, output, _) = await ScratchFolder.RunAsync("score", answers, reference, "--format", "tianchi");
        Assert.Equal(ExitCodes.Done, exit);
        var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        double Value(string name) => json.GetProperty(name).GetProperty("value").GetDouble();
        Assert.Equal(3, json.GetProperty("rows").GetInt32());
        Assert.Equal(1.6, Value("absSum"), 1e-12);
        Assert.Equal(1.6 / 3, Value("absSumPerRow"), 1e-12);
        Assert.Equal(2.0 / 3, Value("accuracy"), 1e-12);
        Assert.Equal(2.0 / 3, Value("microF1"), 1e-12);
        Assert.Equal(0.5, Value("macroF1"), 1e-12); // 0 and 1 right; 2 and 3 taken for one another
        Assert.Equal(JsonValueKind.Number, json.GetProperty("labels")[2].GetProperty("f1").ValueKind);
    }

    [Fact]
    public async Task Score_AiwinTask2_CountsEveryLabel()
    {
        var answers = _folder.Write("answer.csv", "A,1", "B,2,5", "C,12");
        var reference = _folder.Write("trainreference.csv", "A,1,,", "B,5,,", "C,6,12,");
        var (exit, output, _) = await ScratchFolder.RunAsync("score", answers, reference, "--format", "aiwin");
        Assert.Equal(ExitCodes.Done, exit);
        var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(1.0 / 3, json.GetProperty("accuracy").GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(6.0 / 8, json.GetProperty("microF1").GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(3.0 / 5, json.GetProperty("macroF1").GetProperty("value").GetDouble(), 1e-12); // 1, 5, 12 right; 2 and 6 wrong; seven occur nowhere
        Assert.Equal(2, json.GetProperty("absSum").GetProperty("value").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("labels")[2].GetProperty("f1").ValueKind);
    }

    [Theory]
    [InlineData("china", "answers.txt, line 3: 'X9' is not in", "A,1", "B,0", "X9,1", "C,1")]
    [InlineData("china", "answers.txt: no row for 'C' (", "A,1", "B,0")]
    [InlineData("china", "answers.txt: line 3: 'A' stands in line 1 already", "A,1", "B,0", "A,1", "C,1")]
    [InlineData("china", "answers.txt: line 2: '2' is not a label from 0 to 1", "A,1", "B,2", "C,0")]
    [InlineData("china", "answers.txt: line 2: 3 fields, 2 are needed", "A,1", "B,0,1", "C,0")]
    [InlineData("china", "answers.txt: line 1: an empty id", ",1")]
    [InlineData("tianchi", "line 3, label_2: 'NaN' is not a probability from 0 to 1", Header, "A,1,0,0,0", "B,0,0,NaN,0")]
    [InlineData("tianchi", "line 2, label_0: '1.5' is not a probability from 0 to 1", Header, "A,1.5,0,0,0")]
    [InlineData("tianchi", "line 1: the header is neither", "A,0,1,0,0")]
    [InlineData("tianchi", "holds no row", Header)]
    [InlineData("aiwin", "line 2: '13' is not a label from 1 to 12", "A,1", "B,13")]
    [InlineData("aiwin", "line 1: a row without a label", "A")]
    public async Task Score_BadAnswers_NameFileAndLine(string format, string expected, params string[] lines)
    {
        var answers = _folder.Write("answers.txt", lines);
        var reference = format switch
        {
            "china" => _folder.Write("reference.txt", "A\t1", "B\t0", "C\t1"),
            "tianchi" => _folder.Write("reference.csv", "id,label", "A,0", "B,2"),
            _ => _folder.Write("reference.csv", "A,1", "B,2"),
        };
        var (exit, output, error) = await ScratchFolder.RunAsync("score", answers, reference, "--format", format);
        Assert.Equal((ExitCodes.BadInput, ""), (exit, output));
        Assert.True(error.Contains(expected, StringComparison.Ordinal), error);
    }

    [Fact]
    public async Task Score_TasksThatDiffer_AreTold()
    {
        var answers = _folder.Write("answer.csv", "name,tag", "A,1");
        var reference = _folder.Write("trainreference.csv", "A,1");
        var (exit, _, error) = await ScratchFolder.RunAsync("score", answers, reference, "--format", "aiwin");
        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.Contains("normal, abnormal;", error, StringComparison.Ordinal);
    }

    /// <summary>The same figures and intervals from numpy, by the definitions in the documentation of the classes.</summary>
    [Fact]
    public async Task Score_RandomAnswers_EqualsNumpy()
    {
        var python = Environment.GetEnvironmentVariable("ECG_PYTHON") ?? "/usr/bin/python3";
        Assert.SkipUnless(await RunsAsync(python, "import numpy"), "No Python with numpy (Debian package python3-numpy).");
        var random = new Random(17);
        string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        var answers = new List<string> { Header };
        var truths = new List<string> { "id,label" };
        for (var row = 0; row < 150; row++)
        {
            double[] parts = [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble())];
            answers.Add($"{row},{string.Join(',', parts.Select(part => Number(part / parts.Sum())))}");
            truths.Add(FormattableString.Invariant($"{row},{(random.Next(3) == 0 ? random.Next(3) : Array.IndexOf(parts, parts.Max()))}"));
        }

        var answerFile = _folder.Write("submit.csv", [.. answers]);
        var truthFile = _folder.Write("labels.csv", [.. truths]);
        var (exit, output, _) = await ScratchFolder.RunAsync("score", answerFile, truthFile, "--format", "tianchi", "--seed", "42");
        Assert.Equal(ExitCodes.Done, exit);
        var own = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        var script = Path.Combine(AppContext.BaseDirectory, "Contests", "contest_score.py");
        using var process = Start(python, script, answerFile, truthFile, "42");
        var theirs = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).RootElement;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var name in new[] { "absSum", "absSumPerRow", "accuracy", "macroF1", "microF1" })
        {
            foreach (var part in new[] { "value", "low", "high" })
            {
                Assert.Equal(theirs.GetProperty(name).GetProperty(part).GetDouble(), own.GetProperty(name).GetProperty(part).GetDouble(), 1e-9);
            }
        }
    }

    private static async Task<bool> RunsAsync(string python, string code)
    {
        try
        {
            using var process = Start(python, "-c", code);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string python, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
