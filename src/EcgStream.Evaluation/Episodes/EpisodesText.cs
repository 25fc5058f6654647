using System.Globalization;
using System.Text;
using System.Text.Json;
using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Episodes;

/// <summary>The figures: a table for people, and the one line of JSON.</summary>
internal static class EpisodesText
{
    public static void Write(TextWriter to, EpisodesRun run)
    {
        to.WriteLine($"alarms with the limits that ship; beats classified by {run.Classifier}");
        to.WriteLine("record   kind  episodes found  Se %   told  true  +P %  dur Se  dur +P  hours  false/h  delay s, median, longest");
        foreach (var record in run.Records)
        {
            if (record.Problem is not null)
            {
                to.WriteLine($"{record.Name,-8} not scored: {record.Problem}");
                continue;
            }

            foreach (var kind in EpisodeKinds.All.Where(kind => record.Tables[(int)kind] is { References: > 0 } or { Tests: > 0 }))
            {
                Row(to, record.Name, kind, record.Tables[(int)kind]);
            }
        }

        foreach (var kind in EpisodeKinds.All)
        {
            Row(to, "gross", kind, run.Sum(kind));
        }
    }

    public static string Json(EpisodesRun run)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("records", run.Records.Count);
            foreach (var kind in EpisodeKinds.All)
            {
                var table = run.Sum(kind);
                json.WriteStartObject(kind.Code());
                json.WriteNumber("episodes", table.References);
                json.WriteNumber("told", table.Tests);
                json.WriteNumber("false", table.False);
                Number(json, "se", table.Sensitivity.Percent);
                Number(json, "pp", table.Predictivity.Percent);
                Number(json, "durationSe", table.DurationSensitivity);
                Number(json, "durationPp", table.DurationPredictivity);
                Number(json, "falsePerHour", table.FalsePerHour);
                Number(json, "falsePerDay", 24 * table.FalsePerHour);
                Number(json, "medianDelaySeconds", table.MedianDelaySeconds);
                json.WriteEndObject();
            }

            json.WriteString("beats", run.Classifier);
            json.WriteNumber("notScored", run.Records.Count(record => record.Problem is not null));
            json.WriteNumber("seconds", Math.Round(run.Elapsed.TotalSeconds, 1));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Row(TextWriter to, string name, EpisodeKind kind, EpisodeTable table) => to.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-8} {kind.Code(),-4} {table.References,9} {table.Found,5} {Cell(table.Sensitivity)} {table.Tests,6} {table.True,5} {Cell(table.Predictivity)} {Cell(table.DurationSensitivity, 7)} {Cell(table.DurationPredictivity, 7)} {table.ScoredSeconds / 3600,6:F2} {Cell(table.FalsePerHour, 8, "F2")} {Cell(table.MedianDelaySeconds, 8)} {Cell(table.LongestDelaySeconds, 7)}"));

    private static string Cell(Ratio ratio) => Cell(ratio.Percent, 5);

    private static string Cell(double? value, int width, string format = "F1") => (value?.ToString(format, CultureInfo.InvariantCulture) ?? "-").PadLeft(width);

    private static void Number(Utf8JsonWriter json, string name, double? value)
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
