using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EcgStream.Evaluation.Cli;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Contests;

/// <summary><c>ecgeval score</c>: a submission file against its reference, with bootstrap intervals.</summary>
internal sealed class ScoreCommand : Command
{
    private readonly EvalContext _context;
    private readonly Argument<string> _predictions = new("predictions") { Description = "A contest's submission file, as predict writes it." };
    private readonly Argument<string> _reference = new("reference") { Description = "The labels, as the contest publishes them: train.csv, reference.txt, trainreference.csv." };
    private readonly Option<ContestFormat> _format = new("--format") { Description = "tianchi, china or aiwin.", Required = true };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Of the resamples.", DefaultValueFactory = _ => 1 };

    public ScoreCommand(EvalContext context)
        : base("score", "Abs-sum, accuracy and F1 of a submission file, with 95 % bootstrap intervals.")
    {
        _context = context;
        Add(_predictions);
        Add(_reference);
        Add(_format);
        Add(_seed);
        SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var format = parsed.GetRequiredValue(_format);
        ScoredAnswer[] rows;
        AnswerFile reference;
        try
        {
            reference = AnswerFile.Read(parsed.GetRequiredValue(_reference), format);
            rows = AnswerPairs.Of(AnswerFile.Read(parsed.GetRequiredValue(_predictions), format), reference, out var faults);
            if (faults.Count > 0)
            {
                return faults.Select(_context.BadInput).Max();
            }
        }
        catch (RecordingFormatException refused)
        {
            return _context.BadInput(refused.Message);
        }

        var score = await ContestScore.OfAsync(_context, reference.Labels, rows, parsed.GetRequiredValue(_seed), cancellation);
        WriteTable(score);
        _context.Out.WriteLine(Json(score, format));
        return ExitCodes.Done;
    }

    private void WriteTable(ContestScore score)
    {
        _context.Out.WriteLine(FormattableString.Invariant($"rows            {score.Rows}"));
        Line("abs-sum", score.AbsSum);
        Line("abs-sum per row", score.AbsSumPerRow);
        Line("accuracy", score.Accuracy);
        Line("macro F1", score.MacroF1);
        Line("micro F1", score.MicroF1);
        for (var label = 0; label < score.Labels.Count; label++)
        {
            var f1 = score.Tally.F1Of(label);
            _context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"F1 {score.Labels[label],-22} {(double.IsNaN(f1) ? "none" : f1.ToString("F4", CultureInfo.InvariantCulture)),8}   {score.Tally.RowsOf(label)} rows"));
        }

        void Line(string name, (double Value, double Low, double High) figure) =>
            _context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-15} {figure.Value:F4} ({figure.Low:F4} to {figure.High:F4})"));
    }

    private static string Json(ContestScore score, ContestFormat format)
    {
        var labels = Enumerable.Range(0, score.Labels.Count).Select(label => (JsonNode)new JsonObject
        {
            ["name"] = score.Labels[label],
            ["rows"] = score.Tally.RowsOf(label),
            ["f1"] = double.IsNaN(score.Tally.F1Of(label)) ? null : score.Tally.F1Of(label),
        });
        return new JsonObject
        {
            ["command"] = "score",
            ["format"] = format.ToString().ToLowerInvariant(),
            ["rows"] = score.Rows,
            ["absSum"] = Figure(score.AbsSum),
            ["absSumPerRow"] = Figure(score.AbsSumPerRow),
            ["accuracy"] = Figure(score.Accuracy),
            ["macroF1"] = Figure(score.MacroF1),
            ["microF1"] = Figure(score.MicroF1),
            ["labels"] = new JsonArray([.. labels]),
            ["bootstrap"] = new JsonObject { ["resamples"] = Bootstrap.Resamples, ["seed"] = score.Seed, ["level"] = Bootstrap.Level },
        }.ToJsonString();

        static JsonObject Figure((double Value, double Low, double High) figure) => new() { ["value"] = figure.Value, ["low"] = figure.Low, ["high"] = figure.High };
    }
}
