using System.Globalization;
using System.Text;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Episodes;

/// <summary>All records of a folder, compared.</summary>
/// <param name="Classifier">What classified the beats.</param>
internal sealed record EpisodesRun(IReadOnlyList<EpisodeScore> Records, string Classifier, TimeSpan Elapsed)
{
    public EpisodeTable Sum(EpisodeKind kind) => EpisodeTable.Sum(Records.Where(record => record.Problem is null).Select(record => record.Tables[(int)kind]));

    /// <exception cref="RecordingFormatException">There is no recording in the folder.</exception>
    public static async Task<EpisodesRun> RunAsync(EvalContext context, EpisodesOptions options, IBeatStageFactory stages, CancellationToken cancellation)
    {
        var began = context.Clock.GetTimestamp();
        var entries = RecordFolder.List(options.Folder, options.Reading).Where(entry => options.Records.Count == 0 || options.Records.Contains(entry.Name)).ToArray();
        Directory.CreateDirectory(options.Output);
        var scorer = new EpisodeScorer(options, stages);
        var records = await RecordMap.RunAsync(context, "episodes", entries, scorer.Score, cancellation, options.Workers);
        await File.WriteAllTextAsync(Path.Combine(options.Output, "episodes.csv"), Csv(records), cancellation);
        return new EpisodesRun(records, stages.Name, context.Clock.GetElapsedTime(began));
    }

    // Every episode with what it overlaps of the other side, so that a false or a missed one can be looked up.
    private static string Csv(IEnumerable<EpisodeScore> records)
    {
        var table = new StringBuilder("record,kind,side,startSeconds,endSeconds,toldSeconds,overlapSeconds\n");
        foreach (var record in records.Where(record => record.Problem is null))
        {
            foreach (var kind in EpisodeKinds.All)
            {
                var (reference, test) = record.Episodes[(int)kind];
                Rows(record, kind, "reference", reference, test);
                Rows(record, kind, "test", test, reference);
            }
        }

        return table.ToString();

        void Rows(EpisodeScore record, EpisodeKind kind, string side, IReadOnlyList<Episode> episodes, IReadOnlyList<Episode> others)
        {
            foreach (var episode in episodes)
            {
                table.Append(
                    CultureInfo.InvariantCulture,
                    $"{record.Name},{kind.Code()},{side},{Seconds(episode.Start):F2},{Seconds(episode.End):F2},{Seconds(episode.Told):F2},{Seconds(others.Sum(episode.Overlap)):F2}\n");
            }

            double Seconds(long samples) => samples / record.SampleRateHz;
        }
    }
}
