using EcgStream.Simulator.Replay;
using Spectre.Console;

namespace EcgStream.Simulator.Cli;

/// <summary>The last words of a replay.</summary>
internal static class ReplaySummary
{
    private const int MostNotes = 40;

    public static void Write(CliContext context, ReplaySettings settings, ReplayRunner runner)
    {
        var totals = runner.Report.Totals;
        var lines = new List<(string Name, string Value)>
        {
            ("devices", FormattableString.Invariant($"{settings.DevicePrefix}-0001 to {settings.DevicePrefix}-{settings.Devices:0000}, {settings.To}")),
            ("model", runner.Model ?? "none answered"),
            ("records", FormattableString.Invariant($"{totals.Records}: {totals.Answered} answered, {totals.Unreadable} unreadable, {totals.Stopped} stopped")),
            ("chunks", FormattableString.Invariant($"{totals.Sent} sent, {totals.Acked} acked, {totals.Duplicate} duplicate, {totals.Refused} refused, {totals.Lost} lost, {totals.Resent} resent")),
            ("windows", FormattableString.Invariant($"{totals.Windows}")),
            ("seconds", FormattableString.Invariant($"{runner.Report.Elapsed.TotalSeconds:0.0}")),
        };
        if (totals.Accuracy is { } accuracy)
        {
            lines.Add(("accuracy", FormattableString.Invariant($"{accuracy:0.0000} ({totals.Correct} of {totals.Scored})")));
            lines.AddRange(totals.Confusion.Select(row =>
                ($"label {row.Key}", string.Join(", ", row.Value.Select(cell => FormattableString.Invariant($"{cell.Value} {cell.Key}"))))));
        }

        WriteNotes(context, runner.Report.Records);
        if (!context.Interactive)
        {
            foreach (var (name, value) in lines)
            {
                context.Out.WriteLine($"{name}: {value}");
            }

            return;
        }

        var table = new Table().HideHeaders().AddColumns("", "");
        foreach (var (name, value) in lines)
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(value));
        }

        context.Console.Write(table);
    }

    /// <summary>What was assumed or left out, each once with the first record that it holds for: a folder of a thousand says it a thousand times.</summary>
    private static void WriteNotes(CliContext context, IReadOnlyList<RecordOutcome> records)
    {
        var notes = records.SelectMany(record => record.Notes.Select(note => (note, record.Record))).GroupBy(pair => pair.note, pair => pair.Record).ToList();
        foreach (var note in notes.Take(MostNotes))
        {
            var others = note.Count() - 1;
            context.Out.WriteLine(FormattableString.Invariant($"note: {note.First()}{(others > 0 ? $" and {others} more" : "")}: {note.Key}"));
        }

        if (notes.Count > MostNotes)
        {
            context.Out.WriteLine(FormattableString.Invariant($"note: {notes.Count - MostNotes} more notes; --report writes all"));
        }
    }
}
