using System.Text.Json;
using EcgStream.Core.Signals;
using EcgStream.Evaluation.Cli;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Tests.Episodes;

public sealed class EpisodesCommandTests
{
    private const int Rate = 250;

    [Fact]
    public async Task Episodes_MadeUpFibrillation_IsFoundWithinSecondsAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, "made", [new(0, WfdbAnnotationCode.RhythmChange, Auxiliary: "(N"), new(60 * Rate, WfdbAnnotationCode.VentricularFlutterStart), new(90 * Rate, WfdbAnnotationCode.VentricularFlutterEnd)]);
        var (exit, json) = await RunAsync(folder, folder.Path);
        var vf = json.GetProperty("vf");

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal((1, 100.0, 0), (vf.GetProperty("episodes").GetInt32(), vf.GetProperty("se").GetDouble(), vf.GetProperty("false").GetInt32()));
        Assert.InRange(vf.GetProperty("medianDelaySeconds").GetDouble(), 2, 7);
        Assert.InRange(vf.GetProperty("durationSe").GetDouble(), 85, 100);
        Assert.Equal(0, json.GetProperty("af").GetProperty("told").GetInt32());
        Assert.StartsWith(
            "made,vf,reference,60.00,90.00,60.00,", (await File.ReadAllLinesAsync(folder.In("report/episodes.csv"), TestContext.Current.CancellationToken))[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Episodes_RecordWithoutAnnotations_IsToldAndIncomplete()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, "bare", null);
        var (exit, json) = await RunAsync(folder, folder.Path);

        Assert.Equal((ExitCodes.Incomplete, 1), (exit, json.GetProperty("notScored").GetInt32()));
    }

    [Fact]
    public async Task Episodes_RecordWithoutSignals_IsScoredByItsAnnotatedBeats()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(8);
        var annotations = new List<WfdbAnnotation> { new(0, WfdbAnnotationCode.RhythmChange, Auxiliary: "(N") };
        for (var at = 0.0; at < 600; at += at is >= 200 and < 400 ? 0.4 + (0.5 * random.NextDouble()) : 0.8)
        {
            annotations.Add(new((long)(at * Rate), WfdbAnnotationCode.Normal));
        }

        annotations.Add(new(200 * Rate, WfdbAnnotationCode.RhythmChange, Auxiliary: "(AFIB"));
        annotations.Add(new(400 * Rate, WfdbAnnotationCode.RhythmChange, Auxiliary: "(N"));
        await File.WriteAllTextAsync(folder.In("beats.hea"), $"beats 0 {Rate} 0\n", TestContext.Current.CancellationToken);
        WfdbAnnotationWriter.Write(folder.In("beats.ecg"), [.. annotations.OrderBy(annotation => annotation.SampleIndex)]);
        var (exit, json) = await RunAsync(folder, folder.Path, "--annotator", "ecg", "--least", "30");
        var af = json.GetProperty("af");

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal((1, 100.0, 0), (af.GetProperty("episodes").GetInt32(), af.GetProperty("se").GetDouble(), af.GetProperty("false").GetInt32()));
        Assert.InRange(af.GetProperty("durationSe").GetDouble(), 75, 100);
        Assert.InRange(af.GetProperty("durationPp").GetDouble(), 75, 100);
        Assert.Equal(0, json.GetProperty("vt").GetProperty("told").GetInt32());
    }

    [Fact]
    public async Task Episodes_NeitherSignalsNorAnnotations_IsToldAndIncomplete()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.In("nothing.hea"), $"nothing 0 {Rate} 0\n", TestContext.Current.CancellationToken);
        var (exit, json) = await RunAsync(folder, folder.Path);

        Assert.Equal((ExitCodes.Incomplete, 1), (exit, json.GetProperty("notScored").GetInt32()));
    }

    [Theory]
    [InlineData("--least", "-1")]
    [InlineData("--learning", "-1")]
    [InlineData("--learning", "NaN")]
    [InlineData("--records", "none")]
    public async Task Episodes_WrongUsage_EndsWithTwo(string option, string value)
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, "made", []);
        var exit = await EcgEvalApp.RunAsync(["episodes", folder.Path, "-o", folder.In("report"), option, value], Context(TextWriter.Null), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.BadInput, exit);
    }

    private static async Task<(int Exit, JsonElement Json)> RunAsync(TemporaryFolder folder, string records, params string[] more)
    {
        using var text = new StringWriter();
        var exit = await EcgEvalApp.RunAsync(["episodes", records, "-o", folder.In("report"), .. more], Context(text), TestContext.Current.CancellationToken);
        return (exit, JsonDocument.Parse(text.ToString().TrimEnd().Split('\n')[^1]).RootElement);
    }

    private static EvalContext Context(TextWriter text) => new(text, TextWriter.Null, Interactive: false, TimeProvider.System);

    // Two minutes at 75 beats per minute; from 60 to 90 s a wave of 5 Hz whose rate and size wander.
    private static void Write(string folder, string name, WfdbAnnotation[]? annotations)
    {
        var samples = new short[120 * Rate];
        for (var at = 0; at < samples.Length; at++)
        {
            var second = (double)at / Rate;
            var since = (second % 0.8) - 0.4;
            var beat = Math.Max(0, 1 - (Math.Abs(since) / 0.04)) + (0.25 * Math.Exp(-Math.Pow((since - 0.25) / 0.05, 2)));
            var wave = (0.6 + (0.2 * Math.Sin(2.1 * second))) * Math.Sin((2 * Math.PI * 5 * second) + (0.8 * Math.Sin(3.3 * second)));
            samples[at] = (short)(200 * (second is >= 60 and < 90 ? wave : beat));
        }

        var info = new RecordingInfo
        {
            Name = name, SourcePath = name, SampleRateHz = Rate, Leads = [Lead.II], Annotations = annotations is null ? null : [.. annotations],
        };
        WfdbRecordingWriter.Write(folder, Recording.FromDigital(info, [samples], [new LeadScale(5, 0)]));
    }
}
