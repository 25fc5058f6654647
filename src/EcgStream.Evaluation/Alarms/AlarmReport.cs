using EcgStream.Core.Alarms;
using EcgStream.Evaluation.Reports;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Alarms;

/// <summary>The report as one HTML page that needs nothing else: tables, and a strip of each alarm that was judged wrongly.</summary>
internal static class AlarmReport
{
    private const double StripSeconds = 16;
    private const double Millivolts = 1.5;

    public static string Html(AlarmsRun run, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        var page = new Html()
            .Paragraph($"{run.Outcomes.Count} alarms; beats classified by {run.Classifier}; an alarm is confirmed when our condition of its type holds within the last {AlarmScorer.WithinSeconds} s.")
            .Table(
                ["", "TP", "FP", "FN", "TN", "Se %", "Sp %", "score"],
                [
                    .. AlarmTypes.All.Select(type => Row(type.FileName(), run.OfType(type), false)),
                    Row("all", run.Total, true),
                    Row("half that was tuned on", run.OfHalf(tuning: true), true),
                    Row("half that was not", run.OfHalf(tuning: false), true),
                ]);
        Errors(page, "True alarms that were suppressed", run.Outcomes.Where(outcome => outcome.IsError && outcome.Alarm.IsTrue), entries);
        Errors(page, "False alarms that were confirmed", run.Outcomes.Where(outcome => outcome.IsError && !outcome.Alarm.IsTrue), entries);
        return page.ToPage("Alarms of the PhysioNet/CinC Challenge 2015, from the ECG alone");
    }

    private static (IReadOnlyList<string> Cells, bool IsSum) Row(string name, AlarmScore score, bool isSum) => (
        [
            name,
            .. new[] { score.Tp, score.Fp, score.Fn, score.Tn }.Select(count => FormattableString.Invariant($"{count}")),
            FormattableString.Invariant($"{score.Sensitivity:F1}"),
            FormattableString.Invariant($"{score.Specificity:F1}"),
            FormattableString.Invariant($"{score.Score:F2}"),
        ],
        isSum);

    private static void Errors(Html page, string title, IEnumerable<AlarmOutcome> outcomes, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        page.Heading(title);
        foreach (var outcome in outcomes.OrderBy(outcome => outcome.Alarm.Type).ThenBy(outcome => outcome.Alarm.Record, StringComparer.Ordinal))
        {
            page.Heading($"{outcome.Alarm.Record}: {outcome.Alarm.Type.FileName()}", 3);
            if (outcome.Problem is { } problem)
            {
                page.Paragraph(problem);
                continue;
            }

            Strip(page, entries[outcome.Alarm.Record].Read(), outcome);
        }
    }

    private static void Strip(Html page, Recording recording, AlarmOutcome outcome)
    {
        var count = Math.Min(recording.SampleCount, (int)(StripSeconds * recording.SampleRateHz));
        var first = recording.SampleCount - count;
        for (var lead = 0; lead < recording.LeadCount; lead++)
        {
            page.Svg(LeadStrip.Draw(recording, lead, first, count, Millivolts));
        }

        foreach (var told in outcome.Transitions.Where(told => told.Transition == AlarmTransition.Raised && told.Seconds >= first / recording.SampleRateHz))
        {
            page.Paragraph(FormattableString.Invariant($"{told.Seconds:F1} s: {told.Message}"));
        }
    }
}
