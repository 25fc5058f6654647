using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Ec57;

/// <summary>All records of a folder, compared.</summary>
/// <param name="Records">In natural order, those without a score included.</param>
/// <param name="Elapsed">From opening the folder to the last score.</param>
internal sealed record Ec57Run(IReadOnlyList<RecordScore> Records, TimeSpan Elapsed, string Classifier)
{
    /// <summary>Records in the sums: scored, and without a pacemaker.</summary>
    public ScoreSums NonPaced { get; } = Sums(Records, name => !RecordSets.Paced.Contains(name));

    public ScoreSums Ds1 { get; } = Sums(Records, RecordSets.Ds1.Contains);

    public ScoreSums Ds2 { get; } = Sums(Records, RecordSets.Ds2.Contains);

    /// <exception cref="RecordingFormatException">There are no records.</exception>
    public static async Task<Ec57Run> RunAsync(EvalContext context, Ec57Options options, IBeatStageFactory stages, CancellationToken cancellation)
    {
        var begin = context.Clock.GetTimestamp();
        var entries = RecordFolder.List(options.Folder, options.Reading).Where(entry => options.Records.Count == 0 || options.Records.Contains(entry.Name)).ToList();
        if (options.Output is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var scorer = new RecordScorer(options, stages);
        var scores = await RecordMap.RunAsync(context, "records", entries, scorer.Score, cancellation, options.Workers);
        return new Ec57Run(scores, context.Clock.GetElapsedTime(begin), stages.Name);
    }

    private static ScoreSums Sums(IReadOnlyList<RecordScore> records, Func<string, bool> isIn) => new(records.Where(record => record.IsScored && isIn(record.Name)));
}
