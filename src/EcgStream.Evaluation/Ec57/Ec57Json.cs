using System.Text.Json;

namespace EcgStream.Evaluation.Ec57;

/// <summary>The one line of JSON that a run ends with. Percentages to two decimals; null where a statistic is undefined.</summary>
internal static class Ec57Json
{
    public static string Line(Ec57Run run)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            Figures(json, run.NonPaced);
            Part(json, "ds1", run.Ds1);
            Part(json, "ds2", run.Ds2);
            json.WriteNumber("notScored", run.Records.Count(record => !record.IsScored));
            json.WriteNumber("seconds", Math.Round(run.Elapsed.TotalSeconds, 1));
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Part(Utf8JsonWriter json, string name, ScoreSums sums)
    {
        json.WriteStartObject(name);
        Figures(json, sums);
        json.WriteEndObject();
    }

    private static void Figures(Utf8JsonWriter json, ScoreSums sums)
    {
        json.WriteNumber("records", sums.Count);
        Percent(json, "qrsSe", sums.Gross.QrsSensitivity);
        Percent(json, "qrsPp", sums.Gross.QrsPredictivity);
        Percent(json, "vebSe", sums.Gross.VebSensitivity);
        Percent(json, "vebPp", sums.Gross.VebPredictivity);
        Percent(json, "svebSe", sums.Gross.SvebSensitivity);
        Percent(json, "svebPp", sums.Gross.SvebPredictivity);
        json.WriteStartObject("escapesNormal");
        Percent(json, "svebSe", sums.GrossEscapesNormal.SvebSensitivity);
        Percent(json, "svebPp", sums.GrossEscapesNormal.SvebPredictivity);
        json.WriteEndObject();
    }

    private static void Percent(Utf8JsonWriter json, string name, Ratio ratio)
    {
        if (ratio.Percent is { } percent)
        {
            json.WriteNumber(name, Math.Round(percent, 2));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
