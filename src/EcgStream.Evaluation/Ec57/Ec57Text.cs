using System.Globalization;

namespace EcgStream.Evaluation.Ec57;

/// <summary>The tables of a run as plain text.</summary>
internal static class Ec57Text
{
    private const int MostNotes = 40;

    public static void Write(TextWriter to, Ec57Run run)
    {
        to.WriteLine("record    beats    FN    FP  QRS Se  QRS +P  VEB Se  VEB +P  V FPR  SVEB Se SVEB +P  RR ms  HR %  shutdown s");
        foreach (var record in run.Records)
        {
            to.WriteLine(record.IsScored ? Row(record) : $"{record.Name,-8} not scored: {record.Problem}");
        }

        foreach (var note in run.Records.SelectMany(record => record.Notes.Select(note => (note, record.Name))).GroupBy(pair => pair.note, pair => pair.Name).Take(MostNotes))
        {
            to.WriteLine(FormattableString.Invariant($"note: {note.First()}{(note.Count() > 1 ? $" and {note.Count() - 1} more" : "")}: {note.Key}"));
        }

        Sums(to, "non-paced", run.NonPaced);
        Sums(to, "DS1", run.Ds1);
        Sums(to, "DS2", run.Ds2);
    }

    /// <summary>Every pair whose labels differ, for a closer look.</summary>
    public static void List(TextWriter to, Ec57Run run)
    {
        foreach (var record in run.Records)
        {
            foreach (var mismatch in record.Mismatches)
            {
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{record.Name} {mismatch.At / record.SampleRateHz:0.000} {mismatch.Reference}{mismatch.Test}"));
            }
        }
    }

    private static string Row(RecordScore record) => Line(
        record.Name + (RecordSets.Paced.Contains(record.Name) ? "*" : ""), record.Beats, record.Beats.IntervalErrorMs, record.Rate.NormalizedPercent, record.Beats.ShutdownSeconds);

    private static void Sums(TextWriter to, string name, ScoreSums sums)
    {
        if (sums.Count == 0)
        {
            return;
        }

        to.WriteLine($"{name}: {sums.Count} records");
        to.WriteLine(Line("gross", sums.Gross, null, null, sums.Gross.ShutdownSeconds));
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"average                      {Mean(record => record.Beats.QrsSensitivity)} {Mean(record => record.Beats.QrsPredictivity)} {Mean(record => record.Beats.VebSensitivity)} {Mean(record => record.Beats.VebPredictivity)}{Cell(sums.Average(record => record.Beats.VebFalsePositiveRate.Percent), 7, "0.000")} {Mean(record => record.Beats.SvebSensitivity)} {Mean(record => record.Beats.SvebPredictivity)} {Cell(sums.Average(record => record.Beats.IntervalErrorMs), 6, "0.0")} {Cell(sums.Average(record => record.Rate.NormalizedPercent), 5, "0.0")}"));
        to.WriteLine($"  SVEB with escape beats as normal: Se {sums.GrossEscapesNormal.SvebSensitivity}, +P {sums.GrossEscapesNormal.SvebPredictivity}");
        to.WriteLine($"  runs, V: couplets Se {sums.VentricularRuns.CoupletSensitivity} +P {sums.VentricularRuns.CoupletPredictivity}, short Se {sums.VentricularRuns.ShortSensitivity} +P {sums.VentricularRuns.ShortPredictivity}, long Se {sums.VentricularRuns.LongSensitivity} +P {sums.VentricularRuns.LongPredictivity}");
        to.WriteLine($"  runs, S: couplets Se {sums.SupraventricularRuns.CoupletSensitivity} +P {sums.SupraventricularRuns.CoupletPredictivity}, short Se {sums.SupraventricularRuns.ShortSensitivity} +P {sums.SupraventricularRuns.ShortPredictivity}, long Se {sums.SupraventricularRuns.LongSensitivity} +P {sums.SupraventricularRuns.LongPredictivity}");

        string Mean(Func<RecordScore, Ratio> ratio) => Cell(sums.Average(record => ratio(record).Percent), 7, "0.00");
    }

    private static string Line(string name, BeatTable beats, double? intervalErrorMs, double? ratePercent, double shutdownSeconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-8} {beats.Beats,6} {beats.Missed,5} {beats.Extra,5} {beats.QrsSensitivity,7} {beats.QrsPredictivity,7} {beats.VebSensitivity,7} {beats.VebPredictivity,7}{Cell(beats.VebFalsePositiveRate.Percent, 7, "0.000")} {beats.SvebSensitivity,7} {beats.SvebPredictivity,7} {Cell(intervalErrorMs, 6, "0.0")} {Cell(ratePercent, 5, "0.0")} {shutdownSeconds,6:0}");

    private static string Cell(double? value, int width, string format) => (value?.ToString(format, CultureInfo.InvariantCulture) ?? "-").PadLeft(width);
}
