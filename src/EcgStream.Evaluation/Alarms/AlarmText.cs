using System.Globalization;

namespace EcgStream.Evaluation.Alarms;

/// <summary>The table for people.</summary>
internal static class AlarmText
{
    public static void Write(TextWriter writer, AlarmsRun run)
    {
        writer.WriteLine($"beats classified by {run.Classifier}");
        writer.WriteLine($"{"",-26}{"TP",5}{"FP",5}{"FN",5}{"TN",5}{"Se %",8}{"Sp %",8}{"score",8}");
        foreach (var type in AlarmTypes.All)
        {
            Row(writer, type.FileName(), run.OfType(type));
        }

        Row(writer, "all", run.Total);
        Row(writer, "half that was tuned on", run.OfHalf(tuning: true));
        Row(writer, "half that was not", run.OfHalf(tuning: false));
        foreach (var problem in run.Outcomes.Where(outcome => outcome.Problem is not null))
        {
            writer.WriteLine($"not scored: {problem.Alarm.Record}: {problem.Problem}");
        }
    }

    private static void Row(TextWriter writer, string name, AlarmScore score) => writer.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-26}{score.Tp,5}{score.Fp,5}{score.Fn,5}{score.Tn,5}{score.Sensitivity,8:F1}{score.Specificity,8:F1}{score.Score,8:F2}"));
}
