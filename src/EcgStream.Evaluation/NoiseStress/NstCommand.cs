using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Formats;

namespace EcgStream.Evaluation.NoiseStress;

/// <summary><c>ecgeval nst</c>: how QRS detection holds out against noise.</summary>
internal sealed class NstCommand : Command
{
    private readonly Argument<string> _ecg = new("ecg") { Description = "Folder with the clean records." };
    private readonly Argument<string> _noise = new("noise") { Description = "Folder with the noise records." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder for the test annotations and the report.", DefaultValueFactory = _ => "nst-report" };
    private readonly Option<string[]> _records = new("--records") { Description = "Clean records.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["118", "119"] };
    private readonly Option<string[]> _noises = new("--noises") { Description = "Noise records; those that are not there are named in the report.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["bw", "ma", "em"] };
    private readonly Option<double[]> _decibels = new("--snr") { Description = "Signal-to-noise ratios in dB.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [24, 18, 12, 6, 0, -6] };
    private readonly Option<int?> _workers = new("--workers") { Description = "Records at a time; default: one per core." };

    public NstCommand(EvalContext context)
        : base("nst", "Adds calibrated noise to clean records as WFDB's nst does, and compares the pipeline's beats.")
    {
        Add(_ecg);
        Add(_noise);
        Add(_output);
        Add(_records);
        Add(_noises);
        Add(_decibels);
        Add(_workers);
        SetAction((parsed, cancellation) => RunAsync(context, Read(parsed), cancellation));
    }

    private NstOptions Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_ecg),
        parsed.GetRequiredValue(_noise),
        parsed.GetRequiredValue(_output),
        parsed.GetRequiredValue(_records),
        parsed.GetRequiredValue(_noises),
        [.. parsed.GetRequiredValue(_decibels).OrderDescending()],
        parsed.GetValue(_workers));

    private static async Task<int> RunAsync(EvalContext context, NstOptions options, CancellationToken cancellation)
    {
        NstRun run;
        try
        {
            run = await NstRun.RunAsync(context, options, new DetectorOnlyStages(), cancellation);
            if (options.Output is { } folder)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), NstReport.Make(run), cancellation);
            }
        }
        catch (Exception problem) when (problem is RecordingFormatException or IOException or UnauthorizedAccessException)
        {
            return context.BadInput(problem.Message);
        }

        Print(context.Out, run);
        context.Out.WriteLine(Json(run));
        return run.MissingNoises.Count == 0 ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private static void Print(TextWriter to, NstRun run)
    {
        to.WriteLine("record noise  SNR dB  QRS Se  QRS +P | noisy stretches alone: Se    +P");
        foreach (var item in run.Cases)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{item.Record,-6} {item.Noise,-5} {item.Decibels?.ToString("0", CultureInfo.InvariantCulture) ?? "clean",7} {item.Score.Beats.QrsSensitivity,7} {item.Score.Beats.QrsPredictivity,7} | {item.NoisySensitivity,26} {item.NoisyPredictivity,6}"));
        }

        if (run.MissingNoises.Count > 0)
        {
            to.WriteLine($"not there: {string.Join(", ", run.MissingNoises)}");
        }
    }

    private static string Json(NstRun run) => JsonSerializer.Serialize(new
    {
        cases = run.Cases.Select(item => new
        {
            record = item.Record,
            noise = item.Noise,
            snr = item.Decibels,
            qrsSe = Round(item.Score.Beats.QrsSensitivity),
            qrsPp = Round(item.Score.Beats.QrsPredictivity),
            noisySe = Round(item.NoisySensitivity),
            noisyPp = Round(item.NoisyPredictivity),
        }),
        missing = run.MissingNoises,
        seconds = Math.Round(run.Elapsed.TotalSeconds, 1),
    });

    private static double? Round(Ratio ratio) => ratio.Percent is { } percent ? Math.Round(percent, 2) : null;
}
