using System.CommandLine;
using EcgStream.CommandLine;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Inference.Models;

namespace EcgStream.Evaluation.Contests;

/// <summary><c>ecgeval predict</c>: a model's answers in the form in which a contest takes them, computed by the daemon's own code.</summary>
internal sealed class PredictCommand : Command
{
    private readonly EvalContext _context;
    private readonly Argument<string> _model = new("model") { Description = "Name of a shipped or optional model, or the folder of one." };
    private readonly Argument<string> _input = new("input") { Description = "tianchi: CSV of id,heartbeat_signals. china, aiwin: folder of 12-lead MAT files." };
    private readonly Option<ContestFormat> _format = new("--format") { Description = "tianchi, china or aiwin.", Required = true };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "File to write; default: submit.csv, answers.txt, answer.csv." };
    private readonly Option<string> _models = new("--models") { Description = "Folder of the models.", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "models") };

    private readonly RecordingOptions _reading;

    public PredictCommand(EvalContext context)
        : base("predict", "Writes a contest's own submission file.")
    {
        _context = context;
        Add(_model);
        Add(_input);
        Add(_format);
        Add(_out);
        Add(_models);
        _reading = new RecordingOptions(this, RecordingDefaults.Standard);
        SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var format = parsed.GetRequiredValue(_format);
        var path = parsed.GetValue(_out) ?? Submission.DefaultFile(format);
        var started = _context.Clock.GetTimestamp();
        try
        {
            using var model = ContestModel.Load(parsed.GetRequiredValue(_model), parsed.GetRequiredValue(_models));
            if (model.Problem(format) is { } problem)
            {
                return _context.BadInput(problem);
            }

            var input = parsed.GetRequiredValue(_input);
            var answers = format == ContestFormat.Tianchi ? await BeatsAsync(model, input, cancellation) : await RecordsAsync(model, input, _reading.Read(parsed), cancellation);
            if (answers is null)
            {
                return ExitCodes.BadInput;
            }

            var lines = answers.Select(answer => Submission.Line(format, model.Card, answer.Id, answer.Scores));
            await Submission.WriteAsync(path, Submission.Header(format, model.Card) is { } header ? lines.Prepend(header) : lines, cancellation);
            WriteSummary(model, format, answers.Count, path, _context.Clock.GetElapsedTime(started));
            return ExitCodes.Done;
        }
        catch (ModelLoadException refused)
        {
            foreach (var error in refused.Errors)
            {
                _context.BadInput($"model refused: {error}");
            }

            return ExitCodes.BadInput;
        }
        catch (Exception problem) when (problem is RecordingFormatException or IOException or UnauthorizedAccessException)
        {
            return _context.BadInput(problem.Message);
        }
    }

    private async Task<IReadOnlyList<(string Id, float[] Scores)>?> BeatsAsync(ContestModel model, string input, CancellationToken cancellation)
    {
        var batches = TianchiBeats.Read(input).Chunk(model.MaxBatch).ToList();
        var scores = await RecordMap.RunAsync(_context, "beats", batches, (batch, _) => model.Run([.. batch.Select(row => row.Values)]), cancellation, workers: 1);
        return [.. batches.Zip(scores).SelectMany(pair => pair.First.Zip(pair.Second, (row, answer) => (row.Id, answer)))];
    }

    /// <returns>Null when a record could not be answered, each told: a submission with holes is worth nothing.</returns>
    private async Task<IReadOnlyList<(string Id, float[] Scores)>?> RecordsAsync(ContestModel model, string input, RecordingDefaults reading, CancellationToken cancellation)
    {
        var entries = RecordFolder.List(input, reading);
        var twice = entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            _context.BadInput($"record {twice.Key} is there twice: {string.Join(", ", twice.Select(entry => entry.Path))}");
            return null;
        }

        var classifier = new RecordClassifier(model);
        var answers = await RecordMap.RunAsync(_context, "records", entries, (entry, token) => Answer(classifier, entry, token), cancellation);
        var faults = answers.Where(answer => answer.Fault is not null).ToList();
        faults.ForEach(answer => _context.BadInput(answer.Fault!));
        return faults.Count > 0 ? null : [.. entries.Zip(answers, (entry, answer) => (entry.Name, answer.Scores))];
    }

    private static (float[] Scores, string? Fault) Answer(RecordClassifier classifier, RecordingEntry entry, CancellationToken cancellation)
    {
        try
        {
            return (classifier.Classify(entry.Read(), cancellation), null);
        }
        catch (RecordingFormatException refused)
        {
            return ([], refused.Message);
        }
    }

    private void WriteSummary(ContestModel model, ContestFormat format, int rows, string path, TimeSpan elapsed) =>
        _context.Out.WriteLine(new System.Text.Json.Nodes.JsonObject
        {
            ["command"] = "predict",
            ["model"] = model.Card.Name,
            ["version"] = model.Card.Version,
            ["format"] = format.ToString().ToLowerInvariant(),
            ["rows"] = rows,
            ["out"] = path,
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 2),
        }.ToJsonString());
}
