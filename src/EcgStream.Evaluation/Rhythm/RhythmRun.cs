using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>All records of a folder, scored.</summary>
internal sealed record RhythmRun(IReadOnlyList<RhythmOutcome> Outcomes, string Model, bool CrossValidated, TimeSpan Elapsed)
{
    private const string ReferenceFile = "REFERENCE.csv";

    /// <summary>Records of one reference class that were given another, or the same.</summary>
    public int Count(RhythmClass reference, RhythmClass verdict) => Outcomes.Count(outcome => outcome.Reference == reference && outcome.Verdict == verdict);

    /// <summary>2·(both)/(reference + verdict); null when the class is in neither.</summary>
    public double? F1(RhythmClass rhythm)
    {
        var sum = Outcomes.Count(outcome => outcome.Reference == rhythm) + Outcomes.Count(outcome => outcome.Verdict == rhythm);
        return sum == 0 ? null : 2.0 * Count(rhythm, rhythm) / sum;
    }

    /// <summary>Mean of normal, atrial fibrillation and other, as the challenge scores.</summary>
    public double F1Mean => new[] { RhythmClass.Normal, RhythmClass.AtrialFibrillation, RhythmClass.Other }.Average(rhythm => F1(rhythm) ?? 0);

    public double F1MeanWithNoisy => RhythmClasses.All.Average(rhythm => F1(rhythm) ?? 0);

    /// <exception cref="RecordingFormatException">There is no recording, or the reference cannot be read.</exception>
    /// <exception cref="InvalidDataException">The reference names a class that there is not.</exception>
    public static async Task<RhythmRun> RunAsync(EvalContext context, RhythmOptions options, RhythmModels models, CancellationToken cancellation)
    {
        var began = context.Clock.GetTimestamp();
        var references = Read(Path.Combine(options.Folder, ReferenceFile));
        var entries = RecordFolder.ByName(options.Folder, options.Reading);
        Directory.CreateDirectory(options.Output);
        var scorer = new RhythmScorer(models);
        var outcomes = await RecordMap.RunAsync(
            context, "rhythm", references, (item, token) => scorer.Score(item.Record, item.Class, entries.GetValueOrDefault(item.Record), token), cancellation, options.Workers);
        var run = new RhythmRun(outcomes, models.Name, models.IsCrossValidated, context.Clock.GetElapsedTime(began));
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
