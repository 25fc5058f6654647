using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>The figures: a table for people, a row per record, and the one line of JSON.</summary>
internal static class RhythmTable
{
    // Percent of people with atrial fibrillation: screening, an elderly ward, a heart ward.
    private static readonly int[] Prevalences = [1, 5, 10];

    public static void Write(TextWriter writer, RhythmRun run)
    {
        writer.WriteLine($"rhythm judged by {run.Model}");
        writer.WriteLine($"counts of records; F1 and shares for the mix {run.Mix.Name}");
        writer.WriteLine($"{"reference",-10}{string.Concat(RhythmClasses.All.Select(rhythm => $"{"as " + rhythm.Code(),8}"))}{"F1",8}");
        foreach (var reference in RhythmClasses.All)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{reference.Code(),-10}{string.Concat(RhythmClasses.All.Select(verdict => $"{run.Count(reference, verdict),8}"))}{run.F1(reference),8:F4}"));
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean F1 of N, A, O {run.F1Mean:F4}, with ~ {run.F1MeanWithNoisy:F4}"));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"atrial fibrillation: Se {run.AfSensitivity:P1}, told of others {run.AfFalseShare:P1}, {string.Join(", ", Prevalences.Select(percent => $"+P at {percent} % {run.AfPredictivity(percent / 100.0):P1}"))}"));
        foreach (var problem in run.Outcomes.Where(outcome => outcome.Problem is not null).Take(10))
        {
            writer.WriteLine($"not scored: {problem.Record}: {problem.Problem}");
        }
    }

    public static string Csv(RhythmRun run)
    {
        var table = new StringBuilder("record,reference,verdict,windows,normal,af,other,noisy,irregularity,afTold,poorShare\n");
        foreach (var outcome in run.Outcomes)
        {
            var evidence = outcome.Evidence;
            table.Append(
                CultureInfo.InvariantCulture,
                $"{outcome.Record},{outcome.Reference.Code()},{outcome.Verdict.Code()},{evidence.Windows},{evidence.Normal:F4},{evidence.Af:F4},{evidence.Other:F4},{evidence.Noisy:F4},{evidence.Irregularity:F4},{(evidence.FibrillationTold ? 1 : 0)},{evidence.PoorShare:F3}\n");
        }

        return table.ToString();
    }

    public static string Json(RhythmRun run)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("records", run.Outcomes.Count);
            foreach (var rhythm in RhythmClasses.All)
            {
                var name = rhythm switch { RhythmClass.Normal => "f1N", RhythmClass.AtrialFibrillation => "f1A", RhythmClass.Other => "f1O", _ => "f1Noisy" };
                Number(json, name, run.F1(rhythm));
            }

            json.WriteNumber("f1Mean", Math.Round(run.F1Mean, 4));
            json.WriteNumber("f1MeanWithNoisy", Math.Round(run.F1MeanWithNoisy, 4));
            json.WriteString("mix", run.Mix.Name);
            Number(json, "afSe", run.AfSensitivity);
            Number(json, "afFalseShare", run.AfFalseShare);
            foreach (var percent in Prevalences)
            {
                Number(json, FormattableString.Invariant($"afPp{percent}"), run.AfPredictivity(percent / 100.0));
            }

            json.WriteBoolean("crossValidated", run.CrossValidated);
            json.WriteString("model", run.Model);
            json.WriteNumber("notScored", run.Outcomes.Count(outcome => outcome.Problem is not null));
            json.WriteNumber("seconds", Math.Round(run.Elapsed.TotalSeconds, 1));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
