using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Alarms;

/// <summary>All alarms of a folder, scored.</summary>
/// <param name="Classifier">What classified the beats.</param>
internal sealed record AlarmsRun(IReadOnlyList<AlarmOutcome> Outcomes, string Classifier, TimeSpan Elapsed)
{
    public AlarmScore Total => AlarmScore.Of(Outcomes);

    public AlarmScore OfHalf(bool tuning) => AlarmScore.Of(Outcomes.Where(outcome => AlarmHalf.IsTuning(outcome.Alarm.Record) == tuning));

    public AlarmScore OfType(AlarmType type) => AlarmScore.Of(Outcomes.Where(outcome => outcome.Alarm.Type == type));

    /// <exception cref="RecordingFormatException">There is no recording in the folder.</exception>
    /// <exception cref="InvalidDataException">The file of alarms is not one.</exception>
    public static async Task<AlarmsRun> RunAsync(EvalContext context, AlarmsOptions options, IBeatStageFactory stages, CancellationToken cancellation)
    {
        var began = context.Clock.GetTimestamp();
        var alarms = AlarmFile.Read(Path.Combine(options.Folder, AlarmFile.Name))
            .Where(alarm => options.Half is null || AlarmHalf.IsTuning(alarm.Record) == (options.Half == AlarmHalf.Tuning))
            .ToArray();
        var entries = RecordFolder.ByName(options.Folder, options.Reading);
        Directory.CreateDirectory(options.Output);
        var scorer = new AlarmScorer(stages);
        var outcomes = await RecordMap.RunAsync(
            context, "alarms", alarms,
            (alarm, token) =>
            {
                var entry = entries.GetValueOrDefault(alarm.Record);
                var outcome = scorer.Score(alarm, entry, token);
                if (outcome.Problem is null)
                {
                    var recording = entry!.Read();
                    AlarmAnnotations.Write(options.Output, outcome, recording.SampleRateHz, recording.SampleCount);
                }

                return outcome;
            },
            cancellation, options.Workers);
        var run = new AlarmsRun(outcomes, stages.Name, context.Clock.GetElapsedTime(began));
        await File.WriteAllTextAsync(Path.Combine(options.Output, "report.html"), AlarmReport.Html(run, entries), cancellation);
        return run;
    }
}
