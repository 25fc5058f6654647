using System.Globalization;
using EcgStream.Evaluation.Reports;

namespace EcgStream.Evaluation.Ec57;

/// <summary>The report of a run: tables after EC57, Se and +P per record, strips of the worst records.</summary>
internal static class Ec57Report
{
    private static readonly string[] BeatColumns =
        ["record", "beats", "missed", "extra", "QRS Se", "QRS +P", "VEB Se", "VEB +P", "VEB FPR", "SVEB Se", "SVEB +P", "SVEB FPR", "RR RMS ms", "HR RMS %", "shutdown s", "missed in it"];

    public static string Make(Ec57Run run, IEnumerable<Strip> strips)
    {
        var page = new Html()
            .Paragraph($"{run.Records.Count} records, scored in {Html.Number(run.Elapsed.TotalSeconds, "0.0")} s by the daemon's own pipeline. Beat classifier: {run.Classifier}.")
            .Note("Beat by beat after ANSI/AAMI EC57 as WFDB's bxb, rxr and mxm compare: match window 150 ms, the first 5 minutes not compared, beats in ventricular flutter or fibrillation not counted, "
                + "test times brought to each record's own rate. Escape beats count as supraventricular; the figures with escape beats as normal (de Chazal 2004) stand apart. "
                + "Records with a pacemaker (*) are in no sum. Not a medical device.");
        Sums(page, run);
        page.Heading("Per record").Svg(PerRecord(run));
        page.Table(BeatColumns, run.Records.Select(record => ((IReadOnlyList<string>)Row(record), false)));
        Runs(page, run);
        page.Heading("Beat classes, non-paced records, gross").Table(["reference \\ test", "n", "s", "v", "f", "q", "o", "x"], Classes(run.NonPaced.Gross));
        page.Heading("Worst records").Note("Filtered leads; reference labels in green, the pipeline's in blue, pairs that differ in red.");
        foreach (var strip in strips)
        {
            page.Heading(strip.Title, 3).Svg(strip.Svg);
        }

        return page.ToPage("EC57 beat-by-beat comparison");
    }

    private static void Sums(Html page, Ec57Run run)
    {
        page.Heading("Sums");
        var rows = new List<(IReadOnlyList<string>, bool)>();
        foreach (var (name, sums) in new[] { ("non-paced", run.NonPaced), ("DS1", run.Ds1), ("DS2", run.Ds2) })
        {
            if (sums.Count > 0)
            {
                rows.Add(([$"{name}, {sums.Count} records, gross", .. Cells(sums.Gross), "-", "-", Html.Number(sums.Gross.ShutdownSeconds, "0"), Count(sums.Gross.MissedInShutdown)], true));
                rows.Add((Average(sums), false));
                rows.Add(([$"{name}, gross, escape beats as normal", .. Cells(sums.GrossEscapesNormal), "-", "-", "-", "-"], false));
            }
        }

        page.Table(BeatColumns, rows);
    }

    private static string[] Average(ScoreSums sums)
    {
        return
        [
            "average", "-", "-", "-", Mean(beats => beats.QrsSensitivity), Mean(beats => beats.QrsPredictivity), Mean(beats => beats.VebSensitivity), Mean(beats => beats.VebPredictivity),
            Mean(beats => beats.VebFalsePositiveRate, "0.000"), Mean(beats => beats.SvebSensitivity), Mean(beats => beats.SvebPredictivity), Mean(beats => beats.SvebFalsePositiveRate, "0.000"),
            Html.Number(sums.Average(record => record.Beats.IntervalErrorMs), "0.0"), Html.Number(sums.Average(record => record.Rate.NormalizedPercent), "0.0"), "-", "-",
        ];

        string Mean(Func<BeatTable, Ratio> ratio, string format = "0.00") => Html.Number(sums.Average(record => ratio(record.Beats).Percent), format);
    }

    private static string[] Row(RecordScore record) => record.IsScored
        ?
        [
            record.Name + (RecordSets.Paced.Contains(record.Name) ? "*" : ""), .. Cells(record.Beats), Html.Number(record.Beats.IntervalErrorMs, "0.0"),
            Html.Number(record.Rate.NormalizedPercent, "0.0"), Html.Number(record.Beats.ShutdownSeconds, "0"), Count(record.Beats.MissedInShutdown),
        ]
        : [record.Name, $"not scored: {record.Problem}"];

    private static string[] Cells(BeatTable beats) =>
    [
        Count(beats.Beats), Count(beats.Missed), Count(beats.Extra), beats.QrsSensitivity.ToString(), beats.QrsPredictivity.ToString(), beats.VebSensitivity.ToString(), beats.VebPredictivity.ToString(),
        Html.Number(beats.VebFalsePositiveRate.Percent, "0.000"), beats.SvebSensitivity.ToString(), beats.SvebPredictivity.ToString(), Html.Number(beats.SvebFalsePositiveRate.Percent, "0.000"),
    ];

    private static void Runs(Html page, Ec57Run run)
    {
        page.Heading("Runs, gross").Note("As rxr: fusion beats count to ventricular runs, fibrillation and atrial fibrillation as longest runs.");
        string[] columns = ["set", "couplets Se", "+P", "short (3-5) Se", "+P", "long (6+) Se", "+P"];
        var rows = new List<(IReadOnlyList<string>, bool)>();
        foreach (var (name, sums) in new[] { ("non-paced", run.NonPaced), ("DS1", run.Ds1), ("DS2", run.Ds2) })
        {
            rows.Add((Cells($"{name}, ventricular", sums.VentricularRuns), false));
            rows.Add((Cells($"{name}, supraventricular", sums.SupraventricularRuns), false));
        }

        page.Table(columns, rows);

        static string[] Cells(string name, RunTable runs) =>
        [
            name, .. new[] { runs.CoupletSensitivity, runs.CoupletPredictivity, runs.ShortSensitivity, runs.ShortPredictivity, runs.LongSensitivity, runs.LongPredictivity }
                .Select(ratio => $"{ratio} ({ratio.Of}/{ratio.Total})"),
        ];
    }

    private static IEnumerable<(IReadOnlyList<string>, bool)> Classes(BeatTable table)
    {
        for (var reference = BeatLabel.N; reference <= BeatLabel.X; reference++)
        {
            var row = reference;
            yield return ([row.ToString(), .. Enum.GetValues<BeatLabel>().Select(test => Count(table[row, test]))], false);
        }
    }

    private static string PerRecord(Ec57Run run)
    {
        var scored = run.Records.Where(record => record.IsScored).ToList();
        var lowest = scored.SelectMany(record => new[] { record.Beats.QrsSensitivity.Percent, record.Beats.QrsPredictivity.Percent }).Min() ?? 0;
        return new SvgPlot((-1, scored.Count), (Math.Max(0, Math.Floor(lowest) - 1), 100))
            .Axes("record", "%", [.. scored.Select(record => record.Name)])
            .Series("QRS Se", scored.Select((record, index) => ((double)index, record.Beats.QrsSensitivity.Percent)), line: false)
            .Series("QRS +P", scored.Select((record, index) => ((double)index, record.Beats.QrsPredictivity.Percent)), line: false)
            .ToString();
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
