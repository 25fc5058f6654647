using System.CommandLine;
using EcgStream.CommandLine;
using EcgStream.Evaluation.Beats;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Ec57;

/// <summary><c>ecgeval ec57</c>: beats, runs and heart rate of the pipeline against reference annotations.</summary>
internal sealed class Ec57Command : Command
{
    private readonly Argument<string> _folder = new("folder") { Description = "WFDB records with reference annotations (.atr)." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder for the test annotations and the report.", DefaultValueFactory = _ => "ec57-report" };
    private readonly Option<string> _extension = new("--extension") { Description = "Extension of the test annotations.", DefaultValueFactory = _ => "ecg" };
    private readonly Option<string[]> _records = new("--records") { Description = "Names of records, or ds1, ds2; default: all.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<double> _learning = new("--learning") { Description = "Seconds of learning period. Anything but 300 is no standard comparison.", DefaultValueFactory = _ => ScoredSpan.LearningSeconds };
    private readonly Option<int?> _workers = new("--workers") { Description = "Records at a time; default: one per core." };

    private readonly Option<bool> _list = new("--list") { Description = "Lists every pair whose labels differ: record, seconds, reference, test." };

    private readonly RecordingOptions _reading;

    public Ec57Command(EvalContext context)
        : base("ec57", "Compares the pipeline's beats with reference annotations as EC57 and WFDB's bxb, rxr and mxm do.")
    {
        Add(_folder);
        Add(_output);
        Add(_extension);
        Add(_records);
        Add(_learning);
        Add(_workers);
        Add(_list);
        _reading = new RecordingOptions(this, RecordFolder.Defaults);
        SetAction((parsed, cancellation) => RunAsync(context, Read(parsed), parsed.GetValue(_list), cancellation));
    }

    private Ec57Options Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_folder),
        parsed.GetRequiredValue(_output),
        parsed.GetRequiredValue(_extension),
        [.. (parsed.GetValue(_records) ?? []).SelectMany(Names)],
        parsed.GetRequiredValue(_learning),
        parsed.GetValue(_workers),
        _reading.Read(parsed));

    private static IEnumerable<string> Names(string name) => name switch
    {
        "ds1" => RecordSets.Ds1,
        "ds2" => RecordSets.Ds2,
        _ => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };

    private static async Task<int> RunAsync(EvalContext context, Ec57Options options, bool list, CancellationToken cancellation)
    {
        if (!options.IsStandard)
        {
            context.Error.WriteLine("ecgeval: warning: not the standard's learning period.");
        }

        Ec57Run run;
        try
        {
            using var models = ModelBeatStages.AreIn(ModelBeatStages.ShippedFolder) ? new ModelBeatStages(ModelBeatStages.ShippedFolder) : null;
            run = await Ec57Run.RunAsync(context, options, models ?? (IBeatStageFactory)new DetectorOnlyStages(), cancellation);
            if (options.Output is { } folder && run.Records.Count > 0)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), Ec57Report.Make(run, WorstStrips.Draw(run, options)), cancellation);
            }
        }
        catch (Exception problem) when (problem is RecordingFormatException or IOException or UnauthorizedAccessException)
        {
            return context.BadInput(problem.Message);
        }

        if (run.Records.Count == 0)
        {
            return context.BadInput($"none of the records {string.Join(' ', options.Records)} is in {options.Folder}");
        }

        Ec57Text.Write(context.Out, run);
        if (list)
        {
            Ec57Text.List(context.Out, run);
        }

        context.Out.WriteLine(Ec57Json.Line(run));
        return run.Records.All(record => record.IsScored) ? ExitCodes.Done : ExitCodes.Incomplete;
    }
}
