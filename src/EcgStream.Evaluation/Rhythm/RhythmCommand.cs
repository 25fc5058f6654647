using System.CommandLine;
using EcgStream.Evaluation.Beats;
using EcgStream.CommandLine;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Inference.Models;

namespace EcgStream.Evaluation.Rhythm;

/// <summary><c>ecgeval rhythm</c>: the pipeline's verdict on each record against the PhysioNet/CinC Challenge 2017.</summary>
internal sealed class RhythmCommand : Command
{
    private readonly Argument<string[]> _folders = new("folders") { Description = "Recordings and REFERENCE.csv (record, N, A, O or ~).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder for the report.", DefaultValueFactory = _ => "rhythm-report" };
    private readonly Option<string?> _models = new("--models") { Description = "Folder of the models; default: those that are shipped." };
    private readonly Option<string?> _folds = new("--folds") { Description = "Folder of the models fold0, fold1, … and of folds.csv (record, fold trained without it): a cross-validated figure." };
    private readonly Option<string> _prevalence = new("--prevalence")
    {
        Description = "Mix of the classes that the figures hold for: natural (59,9,28,3), given, or shares of N,A,O,~.",
        DefaultValueFactory = _ => "natural",
    };
    private readonly Option<int?> _workers = new("--workers") { Description = "Records at a time; default: one per core." };

    public RhythmCommand(EvalContext context)
        : base("rhythm", "Scores one rhythm per record as the PhysioNet/CinC Challenge 2017 does.")
    {
        Add(_folders);
        Add(_output);
        Add(_models);
        Add(_folds);
        Add(_prevalence);
        Add(_workers);
        var reading = new RecordingOptions(this, RecordFolder.Defaults);
        SetAction((parsed, cancellation) => RhythmMix.TryParse(parsed.GetRequiredValue(_prevalence), out var mix)
            ? RunAsync(
                context,
                new RhythmOptions(
                    parsed.GetRequiredValue(_folders), parsed.GetRequiredValue(_output), mix, parsed.GetValue(_models), parsed.GetValue(_folds), parsed.GetValue(_workers),
                    reading.Read(parsed)),
                cancellation)
            : Task.FromResult(context.BadInput($"--prevalence is {parsed.GetValue(_prevalence)}, accepted are natural, given and four shares as 59,9,28,3")));
    }

    private static async Task<int> RunAsync(EvalContext context, RhythmOptions options, CancellationToken cancellation)
    {
        RhythmRun run;
        try
        {
            using var models = options.Folds is { } folds ? RhythmModels.Folds(folds) : RhythmModels.In(options.Models ?? ModelBeatStages.ShippedFolder);
            run = await RhythmRun.RunAsync(context, options, models, cancellation);
        }
        catch (Exception problem) when (problem is RecordingFormatException or ModelLoadException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return context.BadInput(problem.Message);
        }

        RhythmTable.Write(context.Out, run);
        context.Out.WriteLine(RhythmTable.Json(run));
        return run.Outcomes.All(outcome => outcome.Problem is null) ? ExitCodes.Done : ExitCodes.Incomplete;
    }
}
