using System.Text.Json;
using EcgStream.Evaluation.Cli;

namespace EcgStream.Evaluation.Tests.NoiseStress;

public sealed class NstCommandTests
{
    [Fact]
    public async Task Nst_RealNoise_HoldsAtTwelveDecibels()
    {
        using var output = new TemporaryFolder();
        using var text = new StringWriter();
        var exit = await EcgEvalApp.RunAsync(
            ["nst", RealRecordings.Folder("mitdb"), RealRecordings.Folder("nstdb-partial"), "--records", "118", "--snr", "12", "--noises", "bw", "ma", "em", "--output", output.Path],
            new EvalContext(text, TextWriter.Null, Interactive: false, TimeProvider.System),
            TestContext.Current.CancellationToken);
        var json = JsonDocument.Parse(text.ToString().TrimEnd().Split('\n')[^1]).RootElement;

        // Electrode motion is not in the set, and the run says so.
        Assert.Equal(ExitCodes.Incomplete, exit);
        Assert.Equal("em", json.GetProperty("missing")[0].GetString());
        Assert.All(json.GetProperty("cases").EnumerateArray(), item => Assert.InRange(item.GetProperty("qrsSe").GetDouble(), 99.8, 100));
        Assert.All(json.GetProperty("cases").EnumerateArray(), item => Assert.InRange(item.GetProperty("qrsPp").GetDouble(), 99, 100));
        Assert.Contains("<svg", await File.ReadAllTextAsync(output.In("report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
