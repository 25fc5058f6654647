using System.Globalization;
using System.Text;
using EcgStream.Faults.Books;

namespace EcgStream.Faults;

/// <summary>The table: a row for each kind of round, and what was out of balance with the seed that shows it again.</summary>
internal sealed class Report
{
    private readonly List<(PlannedRound Round, Tally Tally)> _rounds = [];

    public bool IsBalanced => _rounds.TrueForAll(round => round.Tally.IsBalanced);

    public void Add(PlannedRound round, Tally tally) => _rounds.Add((round, tally));

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("| fault | times | chunks | windows | beats | asystoles | transitions, gRPC | transitions, MQTT | results in InfluxDB |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var kind in _rounds.GroupBy(round => round.Round.Name))
        {
            var tally = kind.Select(round => round.Tally).Aggregate((a, b) => a + b);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {kind.Key} | {kind.Sum(round => round.Round.Faults.Count)} | {tally.Chunks} | {tally.Windows} | {tally.Beats} | {tally.Asystoles} | {tally.Alerts} | {tally.AlertsMqtt} | {tally.Influx} |");
        }

        foreach (var (round, tally) in _rounds.Where(round => !round.Tally.IsBalanced))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{round.Name}, seed {round.Seed}: {Line(tally)}");
        }

        return text.ToString();
    }

    public static string Line(Tally tally) => string.Join("; ",
        [
            $"chunks {tally.Chunks}", $"windows {tally.Windows}", $"beats {tally.Beats}", $"asystoles {tally.Asystoles}", $"gRPC {tally.Alerts}", $"MQTT {tally.AlertsMqtt}",
            $"InfluxDB {tally.Influx}", .. tally.Problems,
        ]);
}
