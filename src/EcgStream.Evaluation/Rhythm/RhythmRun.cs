using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>All records of one folder or several, scored.</summary>
/// <param name="Mix">The shares of the classes that the figures hold for.</param>
internal sealed record RhythmRun(IReadOnlyList<RhythmOutcome> Outcomes, RhythmMix Mix, string Model, bool CrossValidated, TimeSpan Elapsed)
{
    private const string ReferenceFile = "REFERENCE.csv";

    private readonly double[] _weights = Mix.Weights([.. RhythmClasses.All.Select(rhythm => Outcomes.Count(outcome => outcome.Reference == rhythm))]);

    /// <summary>Records of one reference class that were given another, or the same.</summary>
    public int Count(RhythmClass reference, RhythmClass verdict) => Outcomes.Count(outcome => outcome.Reference == reference && outcome.Verdict == verdict);

    /// <summary>2·(both)/(reference + verdict), each record weighed as the mix has it; null when the class is in neither.</summary>
    public double? F1(RhythmClass rhythm)
    {
        var sum = RhythmClasses.All.Sum(other => Weighed(rhythm, other) + Weighed(other, rhythm));
        return sum == 0 ? null : 2.0 * Weighed(rhythm, rhythm) / sum;
    }

    /// <summary>Share of the records with atrial fibrillation that are told as it; null without one.</summary>
    public double? AfSensitivity => Share(RhythmClass.AtrialFibrillation, other: false);

    /// <summary>Share of the others, weighed as the mix has them, that are told as atrial fibrillation; null without one.</summary>
    public double? AfFalseShare => Share(RhythmClass.AtrialFibrillation, other: true);

    /// <summary>Share of what is told as atrial fibrillation that is, where this share of people has it and the others are mixed as <see cref="Mix"/> says; null where undefined.</summary>
    /// <param name="prevalence">0 to 1.</param>
    public double? AfPredictivity(double prevalence) =>
        AfSensitivity is { } hit && AfFalseShare is { } miss && (hit * prevalence) + (miss * (1 - prevalence)) is > 0 and var told ? hit * prevalence / told : null;

    private double Weighed(RhythmClass reference, RhythmClass verdict) => _weights[(int)reference] * Count(reference, verdict);

    private double? Share(RhythmClass rhythm, bool other)
    {
        var references = RhythmClasses.All.Where(reference => (reference != rhythm) == other).ToArray();
        var all = references.Sum(reference => RhythmClasses.All.Sum(verdict => Weighed(reference, verdict)));
        return all > 0 ? references.Sum(reference => Weighed(reference, rhythm)) / all : null;
    }

    /// <summary>Mean of normal, atrial fibrillation and other, as the challenge scores.</summary>
    public double F1Mean => new[] { RhythmClass.Normal, RhythmClass.AtrialFibrillation, RhythmClass.Other }.Average(rhythm => F1(rhythm) ?? 0);

    public double F1MeanWithNoisy => RhythmClasses.All.Average(rhythm => F1(rhythm) ?? 0);

    /// <exception cref="RecordingFormatException">There is no recording, or the reference cannot be read.</exception>
    /// <exception cref="InvalidDataException">The reference names a class that there is not.</exception>
    public static async Task<RhythmRun> RunAsync(EvalContext context, RhythmOptions options, RhythmModels models, CancellationToken cancellation)
    {
        var began = context.Clock.GetTimestamp();
        var references = options.Folders.SelectMany(folder => Read(Path.Combine(folder, ReferenceFile))).ToList();
        if (references.GroupBy(reference => reference.Record, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"record '{twice.Key}' is in more than one of the folders {string.Join(", ", options.Folders)}");
        }

        var entries = options.Folders.SelectMany(folder => RecordFolder.ByName(folder, options.Reading)).ToDictionary(StringComparer.Ordinal);
        Directory.CreateDirectory(options.Output);
        var scorer = new RhythmScorer(models);
        var outcomes = await RecordMap.RunAsync(
            context, "rhythm", references, (item, token) => scorer.Score(item.Record, item.Class, entries.GetValueOrDefault(item.Record), token), cancellation, options.Workers);
        var run = new RhythmRun(outcomes, options.Mix, models.Name, models.IsCrossValidated, context.Clock.GetElapsedTime(began));
        await File.WriteAllTextAsync(Path.Combine(options.Output, "records.csv"), RhythmTable.Csv(run), cancellation);
        await File.WriteAllTextAsync(Path.Combine(options.Output, "report.html"), RhythmReport.Html(run, entries), cancellation);
        return run;
    }

    private static List<(string Record, RhythmClass Class)> Read(string path)
    {
        var records = new List<(string, RhythmClass)>();
        foreach (var (record, label) in LabelFile.Read(path).Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var known = RhythmClasses.All.Where(rhythm => rhythm.Code() == label).ToArray();
            records.Add(known.Length == 1
                ? (record, known[0])
                : throw new InvalidDataException($"{path}: record '{record}' has class '{label}'; known are {string.Join(", ", RhythmClasses.All.Select(rhythm => rhythm.Code()))}"));
        }

        return records;
    }
}
