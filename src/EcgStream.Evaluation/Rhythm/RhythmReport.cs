using System.Globalization;
using System.Net;
using System.Text;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>The report as one HTML page: the table, and strips of missed and of wrongly told atrial fibrillation.</summary>
internal static class RhythmReport
{
    private const int MostStrips = 30;
    private const double Seconds = 15;
    private const int Width = 1000;
    private const int Height = 100;
    private const double PixelsPerMillivolt = 30;

    public static string Html(RhythmRun run, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        var page = new StringBuilder();
        page.Append(
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rhythm</title><style>
            body{font:14px sans-serif;max-width:1040px;margin:1em auto}table{border-collapse:collapse}td,th{padding:2px 10px;text-align:right;border-bottom:1px solid #ccc}
            svg{background:#fff8f8;border:1px solid #ecc}h3{margin:1.2em 0 .2em}
            </style></head><body><h1>Rhythm of the PhysioNet/CinC Challenge 2017</h1>
            """);
        page.Append(CultureInfo.InvariantCulture, $"<p>{run.Outcomes.Count} records, judged by {WebUtility.HtmlEncode(run.Model)}.</p><table><tr><th>reference</th>");
        page.Append(string.Concat(RhythmClasses.All.Select(verdict => $"<th>as {verdict.Code()}</th>"))).Append("<th>F1</th></tr>");
        foreach (var reference in RhythmClasses.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{reference.Code()}</td>")
                .Append(string.Concat(RhythmClasses.All.Select(verdict => FormattableString.Invariant($"<td>{run.Count(reference, verdict)}</td>"))))
                .Append(CultureInfo.InvariantCulture, $"<td>{run.F1(reference):F4}</td></tr>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</table><p>Mean F1 of N, A, O {run.F1Mean:F4}, with ~ {run.F1MeanWithNoisy:F4}.</p>");
        var wrong = run.Outcomes.Where(outcome => outcome.Problem is null && outcome.Reference != outcome.Verdict);
        Strips(page, "Atrial fibrillation that was missed", wrong.Where(outcome => outcome.Reference == RhythmClass.AtrialFibrillation), entries);
        Strips(page, "Told as atrial fibrillation", wrong.Where(outcome => outcome.Verdict == RhythmClass.AtrialFibrillation), entries);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Strips(StringBuilder page, string title, IEnumerable<RhythmOutcome> outcomes, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        var all = outcomes.ToArray();
        page.Append(CultureInfo.InvariantCulture, $"<h2>{title}: {all.Length}, the first {Math.Min(MostStrips, all.Length)} of them</h2>");
        foreach (var outcome in all.Take(MostStrips))
        {
            var evidence = outcome.Evidence;
            page.Append(
                CultureInfo.InvariantCulture,
                $"<h3>{WebUtility.HtmlEncode(outcome.Record)}: {outcome.Reference.Code()} as {outcome.Verdict.Code()}; p N {evidence.Normal:F2}, A {evidence.Af:F2}, O {evidence.Other:F2}, ~ {evidence.Noisy:F2}, irregularity {evidence.Irregularity:F3}</h3>");
            var recording = entries[outcome.Record].Read();
            var samples = new float[Math.Min(recording.SampleCount, (int)(Seconds * recording.SampleRateHz))];
            recording.CopyMillivolts(0, 0, samples.AsSpan());
            page.Append(CultureInfo.InvariantCulture, $"<svg width=\"{Width}\" height=\"{Height}\"><path fill=\"none\" stroke=\"#123\" d=\"");
            var pen = 'M';
            for (var i = 0; i < samples.Length; i += 2)
            {
                if (float.IsFinite(samples[i]))
                {
                    var y = Math.Clamp((Height / 2.0) - (samples[i] * PixelsPerMillivolt), 0, Height);
                    page.Append(CultureInfo.InvariantCulture, $"{pen}{Width * i / (double)samples.Length:F1} {y:F1}");
                    pen = 'L';
                }
            }

            page.Append("\"/></svg>");
        }
    }
}
