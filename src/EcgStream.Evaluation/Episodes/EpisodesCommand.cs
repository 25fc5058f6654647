using System.CommandLine;
using EcgStream.CommandLine;
using EcgStream.Evaluation.Alarms;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Inference.Models;

namespace EcgStream.Evaluation.Episodes;

/// <summary><c>ecgeval episodes</c>: episodes of ventricular fibrillation, ventricular tachycardia and atrial fibrillation against reference annotations.</summary>
internal sealed class EpisodesCommand : Command
{
    private readonly Argument<string> _folder = new("folder") { Description = "WFDB records with reference annotations (.atr); records without signals, too." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder for the list of episodes.", DefaultValueFactory = _ => "episodes-report" };
    private readonly Option<string[]> _records = new("--records") { Description = "Names of records, or ds1, ds2; default: all.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<double> _learning = new("--learning")
    {
        Description = "Seconds at each record's start that are not compared: 300 as the standard has it, 0 for every second that is watched.",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<double> _least = new("--least")
    {
        Description = "Seconds: shorter episodes of the reference are left out, neither missed nor, where they are told, false.",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<string> _annotator = new("--annotator")
    {
        Description = "Extension of the annotations of records that have no signals; their beats go to the rules as annotated, and af alone is compared.",
        DefaultValueFactory = _ => "atr",
    };
    private readonly Option<string?> _models = new("--models") { Description = "Folder of the beat models; default: those that are shipped." };
    private readonly Option<int?> _workers = new("--workers") { Description = "Records at a time; default: one per core." };

    public EpisodesCommand(EvalContext context)
        : base("episodes", "Compares episodes that the rules alarm on with reference annotations as EC57 and WFDB's epicmp do: vf, vt, af. The rhythm models are not run.")
    {
        Add(_folder);
        Add(_output);
        Add(_records);
        Add(_learning);
        Add(_least);
        Add(_annotator);
        Add(_models);
        Add(_workers);
        var reading = new RecordingOptions(this, RecordFolder.Defaults);
        SetAction((parsed, cancellation) => RunAsync(context, parsed, reading.Read(parsed), cancellation));
    }

    private async Task<int> RunAsync(EvalContext context, ParseResult parsed, RecordingDefaults reading, CancellationToken cancellation)
    {
        var learning = parsed.GetValue(_learning);
        if (!double.IsFinite(learning) || learning < 0)
        {
            return context.BadInput(FormattableString.Invariant($"--learning is {learning}, accepted are 0 s and more"));
        }

        var least = parsed.GetValue(_least);
        if (!double.IsFinite(least) || least < 0)
        {
            return context.BadInput(FormattableString.Invariant($"--least is {least}, accepted are 0 s and more"));
        }

        var options = new EpisodesOptions(
            parsed.GetRequiredValue(_folder), parsed.GetRequiredValue(_output), RecordSets.Names(parsed.GetValue(_records) ?? []),
            learning, least, parsed.GetRequiredValue(_annotator), parsed.GetValue(_models), parsed.GetValue(_workers), reading);
        EpisodesRun run;
        try
        {
            var stages = BeatStages.In(options.Models);
            using var loaded = stages as IDisposable;
            run = await EpisodesRun.RunAsync(context, options, stages, cancellation);
        }
        catch (Exception problem) when (problem is RecordingFormatException or ModelLoadException or IOException or UnauthorizedAccessException)
        {
            return context.BadInput(problem.Message);
        }

        if (run.Records.Count == 0)
        {
            return context.BadInput($"none of the records {string.Join(' ', options.Records)} is in {options.Folder}");
        }

        EpisodesText.Write(context.Out, run);
        context.Out.WriteLine(EpisodesText.Json(run));
        return run.Records.All(record => record.Problem is null) ? ExitCodes.Done : ExitCodes.Incomplete;
    }
}
