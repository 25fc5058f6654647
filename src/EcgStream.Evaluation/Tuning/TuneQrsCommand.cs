using System.CommandLine;
using System.Globalization;
using EcgStream.Core.Beats;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.NoiseStress;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Tuning;

/// <summary>
/// <c>ecgeval tune-qrs</c>: how the detector's constants were found. Each constant in turn is tried at other values, and keeps the one with the fewest missed and extra beats on
/// DS1. With noise records it also shows what each step does to DS1 records with noise added. DS2 is never read.
/// </summary>
internal sealed class TuneQrsCommand : Command
{
    private static readonly double[] Factors = [0.75, 0.9, 1.1, 1.33];
    private static readonly string[] NoiseSources = ["112", "118", "119", "122", "215", "230"];
    private static readonly (string Noise, double Decibels)[] NoiseLevels = [("ma", 12), ("ma", 6), ("bw", 6)];

    private readonly Argument<string> _folder = new("folder") { Description = "MIT-BIH records." };
    private readonly Option<string?> _noise = new("--noise") { Description = "Folder of noise records (ma, bw): the score with noise is shown beside." };
    private readonly Option<string[]> _constants = new("--constants") { Description = "Constants to try, e.g. ThresholdShare or ThresholdShare=0.4,0.5,0.6; default: all, at 0.75 to 1.33 times their value.", AllowMultipleArgumentsPerToken = true };

    public TuneQrsCommand(EvalContext context)
        : base("tune-qrs", "Searches the QRS detector's constants on MIT-BIH DS1.")
    {
        Add(_folder);
        Add(_noise);
        Add(_constants);
        SetAction((parsed, cancellation) => RunAsync(context, parsed.GetRequiredValue(_folder), parsed.GetValue(_noise), parsed.GetValue(_constants) ?? [], cancellation));
    }

    private static async Task<int> RunAsync(EvalContext context, string folder, string? noise, string[] constants, CancellationToken cancellation)
    {
        List<Recording> clean, noisy;
        List<(System.Reflection.PropertyInfo Constant, double[]? Values)> plan;
        try
        {
            clean = [.. RecordFolder.List(folder).Where(entry => RecordSets.Ds1.Contains(entry.Name)).Select(entry => entry.Read())];
            noisy = noise is null ? [] : Noisy(clean, noise);
            plan = Plan(constants);
        }
        catch (Exception problem) when (problem is RecordingFormatException or FormatException or ArgumentException)
        {
            return context.BadInput(problem.Message);
        }

        var best = QrsTuning.Standard;
        var errors = await ErrorsAsync(clean, best, cancellation);
        var withNoise = await WithNoiseAsync(best);
        context.Out.WriteLine($"{clean.Count} records of DS1: {errors.Missed} missed + {errors.Extra} extra{withNoise}");
        foreach (var (constant, values) in plan)
        {
            var now = (double)constant.GetValue(best)!;
            context.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{constant.Name} {now}:"));
            foreach (var value in values ?? [.. Factors.Select(factor => factor * now)])
            {
                var candidate = With(best, constant, value);
                var (missed, extra) = await ErrorsAsync(clean, candidate, cancellation);
                context.Out.Write(string.Create(CultureInfo.InvariantCulture, $" {value:0.###}={missed}+{extra}"));
                if (missed + extra < errors.Missed + errors.Extra)
                {
                    (best, errors) = (candidate, (missed, extra));
                }
            }

            var chosen = (double)constant.GetValue(best)!;
            withNoise = chosen == now ? "" : await WithNoiseAsync(best);
            context.Out.WriteLine(chosen == now ? "" : string.Create(CultureInfo.InvariantCulture, $" -> {chosen:0.###}{withNoise}"));
        }

        context.Out.WriteLine($"{errors.Missed} missed + {errors.Extra} extra with {best}");
        return ExitCodes.Done;

        async Task<string> WithNoiseAsync(QrsTuning tuning)
        {
            if (noisy.Count == 0)
            {
                return "";
            }

            var (missed, extra) = await ErrorsAsync(noisy, tuning, cancellation);
            return $"; with noise {missed} missed + {extra} extra";
        }
    }

    private static List<(System.Reflection.PropertyInfo, double[]?)> Plan(string[] constants)
    {
        var all = typeof(QrsTuning).GetProperties().Where(property => property.PropertyType == typeof(double)).ToList();
        return constants.Length == 0
            ? [.. all.Select(property => (property, (double[]?)null))]
            : [.. constants.Select(text =>
            {
                var parts = text.Split('=', 2);
                var property = all.Find(property => property.Name == parts[0]) ?? throw new ArgumentException($"{parts[0]} is none of {string.Join(", ", all.Select(property => property.Name))}");
                return (property, parts.Length == 1 ? null : parts[1].Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray());
            })];
    }

    private static QrsTuning With(QrsTuning tuning, System.Reflection.PropertyInfo constant, double value)
    {
        var changed = tuning with { };
        constant.SetValue(changed, value);
        return changed;
    }

    private static List<Recording> Noisy(List<Recording> clean, string folder)
    {
        var noisy = new List<Recording>();
        foreach (var (name, decibels) in NoiseLevels)
        {
            var noise = WfdbRecordReader.Read(Path.Combine(folder, name + WfdbRecordingReader.HeaderExtension));
            noisy.AddRange(clean.Where(record => NoiseSources.Contains(record.Name)).Select(record => NoiseMixer.Mix(record, noise, decibels, NstRun.Name(record.Name, name, decibels))));
        }

        return noisy;
    }

    private static async Task<(long Missed, long Extra)> ErrorsAsync(IReadOnlyList<Recording> records, QrsTuning tuning, CancellationToken cancellation)
    {
        var scorer = new RecordScorer(new Ec57Options("", null, "", [], ScoredSpan.LearningSeconds, null), new DetectorOnlyStages(), tuning);
        long missed = 0, extra = 0;
        await Parallel.ForEachAsync(records, cancellation, async (record, token) =>
        {
            await Task.Yield();
            var score = scorer.Score(record, token);
            Interlocked.Add(ref missed, score.Beats.Missed);
            Interlocked.Add(ref extra, score.Beats.Extra);
        });
        return (missed, extra);
    }
}
