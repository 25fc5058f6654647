using System.Text;
using System.Text.Json;

namespace EcgStream.Evaluation.Alarms;

/// <summary>The one line of JSON that a run ends with.</summary>
internal static class AlarmJson
{
    public static string Line(AlarmsRun run)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("records", run.Outcomes.Count);
            Figures(json, run.Total);
            json.WriteStartObject("types");
            foreach (var type in AlarmTypes.All)
            {
                Part(json, type.FileName(), run.OfType(type));
            }

            json.WriteEndObject();
            Part(json, AlarmHalf.Tuning, run.OfHalf(tuning: true));
            Part(json, AlarmHalf.HeldOut, run.OfHalf(tuning: false));
            json.WriteString("beats", run.Classifier);
            json.WriteNumber("notScored", run.Outcomes.Count(outcome => outcome.Problem is not null));
            json.WriteNumber("seconds", Math.Round(run.Elapsed.TotalSeconds, 1));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Part(Utf8JsonWriter json, string name, AlarmScore score)
    {
        json.WriteStartObject(name);
        Figures(json, score);
        json.WriteEndObject();
    }

    private static void Figures(Utf8JsonWriter json, AlarmScore score)
    {
        Percent(json, "score", score.Score);
        json.WriteNumber("tp", score.Tp);
        json.WriteNumber("fp", score.Fp);
        json.WriteNumber("fn", score.Fn);
        json.WriteNumber("tn", score.Tn);
        Percent(json, "sensitivity", score.Sensitivity);
        Percent(json, "specificity", score.Specificity);
    }

    private static void Percent(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 2));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
