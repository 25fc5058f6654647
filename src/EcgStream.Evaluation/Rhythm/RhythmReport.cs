using EcgStream.Evaluation.Reports;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>The report as one HTML page: the table, and strips of missed and of wrongly told atrial fibrillation.</summary>
internal static class RhythmReport
{
    private const int MostStrips = 30;
    private const double Seconds = 15;
    private const double Millivolts = 1.5;

    public static string Html(RhythmRun run, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        var page = new Html()
            .Paragraph($"{run.Outcomes.Count} records, judged by {run.Model}; F1 for the mix {run.Mix.Name}.")
            .Table(
                ["reference", .. RhythmClasses.All.Select(verdict => $"as {verdict.Code()}"), "F1"],
                RhythmClasses.All.Select(reference => Row(run, reference)))
            .Paragraph(FormattableString.Invariant($"Mean F1 of N, A, O {run.F1Mean:F4}, with ~ {run.F1MeanWithNoisy:F4}."));
        var wrong = run.Outcomes.Where(outcome => outcome.Problem is null && outcome.Reference != outcome.Verdict);
        Strips(page, "Atrial fibrillation that was missed", wrong.Where(outcome => outcome.Reference == RhythmClass.AtrialFibrillation), entries);
        Strips(page, "Told as atrial fibrillation", wrong.Where(outcome => outcome.Verdict == RhythmClass.AtrialFibrillation), entries);
        return page.ToPage("Rhythm of the PhysioNet/CinC Challenge 2017");
    }

    private static (IReadOnlyList<string> Cells, bool IsSum) Row(RhythmRun run, RhythmClass reference)
    {
        string[] cells =
        [
            reference.Code().ToString(),
            .. RhythmClasses.All.Select(verdict => FormattableString.Invariant($"{run.Count(reference, verdict)}")),
            FormattableString.Invariant($"{run.F1(reference):F4}"),
        ];
        return (cells, false);
    }

    private static void Strips(Html page, string title, IEnumerable<RhythmOutcome> outcomes, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        var all = outcomes.ToArray();
        page.Heading(FormattableString.Invariant($"{title}: {all.Length}, the first {Math.Min(MostStrips, all.Length)} of them"));
        foreach (var outcome in all.Take(MostStrips))
        {
            var evidence = outcome.Evidence;
            var recording = entries[outcome.Record].Read();
            var count = Math.Min(recording.SampleCount, (int)(Seconds * recording.SampleRateHz));
            page.Heading(
                    FormattableString.Invariant(
                        $"{outcome.Record}: {outcome.Reference.Code()} as {outcome.Verdict.Code()}; p N {evidence.Normal:F2}, A {evidence.Af:F2}, O {evidence.Other:F2}, ~ {evidence.Noisy:F2}, irregularity {evidence.Irregularity:F3}"),
                    3)
                .Svg(LeadStrip.Draw(recording, 0, 0, count, Millivolts));
        }
    }
}
