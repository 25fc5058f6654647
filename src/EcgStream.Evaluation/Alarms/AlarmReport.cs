using System.Globalization;
using System.Net;
using System.Text;
using EcgStream.Core.Alarms;
using EcgStream.Core.Signals;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Alarms;

/// <summary>The report as one HTML page that needs nothing else: tables, and a strip of each alarm that was judged wrongly.</summary>
internal static class AlarmReport
{
    private const double StripSeconds = 16;
    private const int Width = 1000;
    private const int LeadHeight = 90;
    private const double PixelsPerMillivolt = 30;
    private const int MostPoints = 2000;

    public static string Html(AlarmsRun run, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        var page = new StringBuilder();
        page.Append(
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Alarms</title><style>
            body{font:14px sans-serif;max-width:1040px;margin:1em auto}table{border-collapse:collapse}td,th{padding:2px 10px;text-align:right;border-bottom:1px solid #ccc}
            td:first-child,th:first-child{text-align:left}h3{margin:1.2em 0 .2em}svg{background:#fff8f8;border:1px solid #ecc}p{margin:.2em 0}
            </style></head><body><h1>Alarms of the PhysioNet/CinC Challenge 2015, from the ECG alone</h1>
            """);
        page.Append(CultureInfo.InvariantCulture, $"<p>{run.Outcomes.Count} alarms; beats classified by {Text(run.Classifier)}; an alarm is confirmed when our condition of its type holds within the last {AlarmScorer.WithinSeconds} s.</p>");
        page.Append("<table><tr><th></th><th>TP</th><th>FP</th><th>FN</th><th>TN</th><th>Se %</th><th>Sp %</th><th>score</th></tr>");
        foreach (var type in AlarmTypes.All)
        {
            Row(page, type.FileName(), run.OfType(type));
        }

        Row(page, "all", run.Total);
        Row(page, "half that was tuned on", run.OfHalf(tuning: true));
        Row(page, "half that was not", run.OfHalf(tuning: false));
        page.Append("</table>");
        Errors(page, "True alarms that were suppressed", run.Outcomes.Where(outcome => outcome.IsError && outcome.Alarm.IsTrue), entries);
        Errors(page, "False alarms that were confirmed", run.Outcomes.Where(outcome => outcome.IsError && !outcome.Alarm.IsTrue), entries);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Row(StringBuilder page, string name, AlarmScore score) => page.Append(
        CultureInfo.InvariantCulture,
        $"<tr><td>{name}</td><td>{score.Tp}</td><td>{score.Fp}</td><td>{score.Fn}</td><td>{score.Tn}</td><td>{score.Sensitivity:F1}</td><td>{score.Specificity:F1}</td><td>{score.Score:F2}</td></tr>");

    private static void Errors(StringBuilder page, string title, IEnumerable<AlarmOutcome> outcomes, IReadOnlyDictionary<string, RecordingEntry> entries)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>");
        foreach (var outcome in outcomes.OrderBy(outcome => outcome.Alarm.Type).ThenBy(outcome => outcome.Alarm.Record, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3>{Text(outcome.Alarm.Record)}: {outcome.Alarm.Type.FileName()}</h3>");
            if (outcome.Problem is { } problem)
            {
                page.Append(CultureInfo.InvariantCulture, $"<p>{Text(problem)}</p>");
                continue;
            }

            Strip(page, entries[outcome.Alarm.Record].Read(), outcome);
        }
    }

    private static void Strip(StringBuilder page, Recording recording, AlarmOutcome outcome)
    {
        var count = Math.Min(recording.SampleCount, (int)(StripSeconds * recording.SampleRateHz));
        var first = recording.SampleCount - count;
        var begin = first / recording.SampleRateHz;
        var seconds = count / recording.SampleRateHz;
        var height = recording.LeadCount * LeadHeight;
        page.Append(CultureInfo.InvariantCulture, $"<svg width=\"{Width}\" height=\"{height + 20}\" viewBox=\"0 0 {Width} {height + 20}\">");
        for (var second = 0; second <= (int)seconds; second++)
        {
            var x = Width * second / seconds;
            page.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:F0} 0V{height}\" stroke=\"#ecc\"/><text x=\"{x + 2:F0}\" y=\"{height + 14}\" font-size=\"10\">{begin + second:F0} s</text>");
        }

        var samples = new float[count];
        var step = Math.Max(1, count / MostPoints);
        for (var lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, first, samples.AsSpan());
            var middle = samples.Where(float.IsFinite).DefaultIfEmpty(0).Order().ElementAt(samples.Count(float.IsFinite) / 2);
            var centre = (lead + 0.5) * LeadHeight;
            page.Append("<path fill=\"none\" stroke=\"#123\" d=\"");
            var pen = 'M';
            for (var i = 0; i < count; i += step)
            {
                if (!float.IsFinite(samples[i]))
                {
                    pen = 'M';
                    continue;
                }

                var y = Math.Clamp(centre - ((samples[i] - middle) * PixelsPerMillivolt), lead * LeadHeight, (lead + 1) * LeadHeight);
                page.Append(CultureInfo.InvariantCulture, $"{pen}{Width * i / (double)count:F1} {y:F1}");
                pen = 'L';
            }

            page.Append(CultureInfo.InvariantCulture, $"\"/><text x=\"2\" y=\"{(lead * LeadHeight) + 12}\" font-size=\"11\">{recording.Leads[lead].Name()}</text>");
        }

        page.Append("</svg>");
        foreach (var told in outcome.Transitions.Where(told => told.Transition == AlarmTransition.Raised && told.Seconds >= begin))
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>{told.Seconds:F1} s: {Text(told.Message)}</p>");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
