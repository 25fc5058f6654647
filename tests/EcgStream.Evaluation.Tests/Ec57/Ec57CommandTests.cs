using System.Text.Json;
using EcgStream.Core.Signals;
using EcgStream.Evaluation.Cli;
using EcgStream.Formats.Wfdb;
using EcgStream.Simulator.Files;
using EcgStream.Simulator.Synth;

namespace EcgStream.Evaluation.Tests.Ec57;

/// <summary>The command as it is typed: on two records of MIT-BIH where they are there, and always on synthetic ones whose truth is known.</summary>
public sealed class Ec57CommandTests
{
    [Fact]
    public async Task Run_AnnotationsWithoutEndMark_IsNotScoredAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.In("d.hea"), "d 1 250 2500\nd.dat 16 200 12 0 0 0 0 ECG1\n", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.In("d.dat"), new byte[5000], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.In("d.atr"), [0x05, 0x04], TestContext.Current.CancellationToken);
        using var told = new StringWriter();
        var context = new EvalContext(told, TextWriter.Null, false, TimeProvider.System);
        var code = await EcgEvalApp.RunAsync(["ec57", folder.In("."), "-o", folder.In("out"), "--lead", "ECG1=V5"], context, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Incomplete, code);
        Assert.Contains("not scored", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("end mark", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("is lead V5 as --lead says", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ec57_TwoMitBihRecords_ReachesTheLevel()
    {
        var folder = RealRecordings.Folder("mitdb");
        using var output = new TemporaryFolder();
        var (exit, json, text) = await RunAsync("ec57", folder, "--records", "100", "119", "--output", output.Path);

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(2, json.GetProperty("records").GetInt32());
        Assert.Equal(1, json.GetProperty("ds2").GetProperty("records").GetInt32());
        Assert.InRange(json.GetProperty("qrsSe").GetDouble(), 99.8, 100);
        Assert.InRange(json.GetProperty("qrsPp").GetDouble(), 99.8, 100);
        Assert.Contains("gross", text, StringComparison.Ordinal);

        // Beats of the reference behind the first five minutes, as the comparator counts them.
        Assert.Contains("100        1902", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ec57_SyntheticRecordsAtOddRates_FindsTheTruth()
    {
        using var records = new TemporaryFolder();
        using var output = new TemporaryFolder();
        Write(records.Path, "sinus", RhythmKind.Sinus, 250, 1);
        Write(records.Path, "pvc", RhythmKind.PrematureVentricular, 360, 2);
        Write(records.Path, "af", RhythmKind.AtrialFibrillation, 300, 3);
        var (exit, json, _) = await RunAsync("ec57", records.Path, "--output", output.Path);

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(3, json.GetProperty("records").GetInt32());
        Assert.InRange(json.GetProperty("qrsSe").GetDouble(), 99.5, 100);
        Assert.InRange(json.GetProperty("qrsPp").GetDouble(), 99.5, 100);
        Assert.Equal(0, json.GetProperty("ds2").GetProperty("records").GetInt32());
        var written = WfdbAnnotationReader.Read(output.In("pvc.ecg"));
        Assert.InRange(written.Count(annotation => annotation.IsBeat), 300, 900);
        Assert.Contains(written, annotation => annotation.Code == WfdbAnnotationCode.Measurement);
        Assert.Contains("<svg", await File.ReadAllTextAsync(output.In("report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Waves so wide that their flanks are no steeper than T waves: not every other one of them may be missed.</summary>
    [Fact]
    public async Task Ec57_WideVentricularTachycardia_EveryBeatIsFound()
    {
        using var records = new TemporaryFolder();
        using var output = new TemporaryFolder();
        for (var seed = 17ul; seed < 23; seed++)
        {
            var spec = new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, PvcPerMinute = 4, PvcRunLength = 12, Seed = seed };
            SyntheticRecord.Write(records.Path, SyntheticRecord.Make($"vt{seed}", spec, 400 * 500), RecordFormat.Wfdb);
        }

        var (_, json, _) = await RunAsync("ec57", records.Path, "--output", output.Path);

        Assert.InRange(json.GetProperty("qrsSe").GetDouble(), 99.5, 100);
        Assert.InRange(json.GetProperty("qrsPp").GetDouble(), 99.5, 100);
        Assert.InRange(json.GetProperty("vebSe").GetDouble(), 97, 100);
    }

    [Fact]
    public async Task Ec57_RecordAllWithinTheLearningPeriod_IsNamedAndNotScored()
    {
        using var records = new TemporaryFolder();
        using var output = new TemporaryFolder();
        Write(records.Path, "short", RhythmKind.Sinus, 360, 1, seconds: 60);
        Write(records.Path, "long", RhythmKind.Sinus, 360, 2);
        var (exit, json, text) = await RunAsync("ec57", records.Path, "--output", output.Path);

        Assert.Equal(ExitCodes.Incomplete, exit);
        Assert.Equal((1, 1), (json.GetProperty("records").GetInt32(), json.GetProperty("notScored").GetInt32()));
        Assert.Contains("short    not scored", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ec57_NoSuchFolder_IsBadInput()
    {
        using var error = new StringWriter();
        var exit = await EcgEvalApp.RunAsync(["ec57", "no-such-folder"], new EvalContext(TextWriter.Null, error, Interactive: false, TimeProvider.System), CancellationToken.None);

        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.Contains("no-such-folder", error.ToString(), StringComparison.Ordinal);
    }

    private static void Write(string folder, string name, RhythmKind rhythm, double rate, ulong seed, int seconds = 420)
    {
        var spec = new SynthSpec { Rhythm = rhythm, SampleRateHz = rate, Seed = seed, Leads = [Lead.MLII, Lead.V1] };
        SyntheticRecord.Write(folder, SyntheticRecord.Make(name, spec, (int)(seconds * rate)), RecordFormat.Wfdb);
    }

    private static async Task<(int Exit, JsonElement Json, string Text)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await EcgEvalApp.RunAsync(args, new EvalContext(output, error, Interactive: false, TimeProvider.System), TestContext.Current.CancellationToken);
        var text = output.ToString();
        Assert.True(text.Length > 0, error.ToString());
        return (exit, JsonDocument.Parse(text.TrimEnd().Split('\n')[^1]).RootElement, text);
    }
}
