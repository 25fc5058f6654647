using System.CommandLine;
using EcgStream.CommandLine;
using EcgStream.Evaluation.Cli;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Inference.Models;

namespace EcgStream.Evaluation.Alarms;

/// <summary><c>ecgeval alarms</c>: the pipeline's alarms against those of the PhysioNet/CinC Challenge 2015.</summary>
internal sealed class AlarmsCommand : Command
{
    private readonly Argument<string> _folder = new("folder") { Description = "WFDB records and the file ALARMS (record, type, 0 or 1)." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder for the report and the annotations of what was told.", DefaultValueFactory = _ => "alarms-report" };
    private readonly Option<string?> _half = new("--half") { Description = "Only the records of one half: tuning or heldOut." };
    private readonly Option<string?> _models = new("--models") { Description = "Folder of the beat models; default: those that are shipped." };
    private readonly Option<int?> _workers = new("--workers") { Description = "Records at a time; default: one per core." };

    public AlarmsCommand(EvalContext context)
        : base("alarms", "Scores true and false alarms as the PhysioNet/CinC Challenge 2015 does, from the ECG alone.")
    {
        _half.AcceptOnlyFromAmong(AlarmHalf.Tuning, AlarmHalf.HeldOut);
        Add(_folder);
        Add(_output);
        Add(_half);
        Add(_models);
        Add(_workers);
        var reading = new RecordingOptions(this, RecordFolder.Defaults);
        SetAction((parsed, cancellation) => RunAsync(
            context,
            new AlarmsOptions(parsed.GetRequiredValue(_folder), parsed.GetRequiredValue(_output), parsed.GetValue(_half), parsed.GetValue(_models), parsed.GetValue(_workers), reading.Read(parsed)),
            cancellation));
    }

    private static async Task<int> RunAsync(EvalContext context, AlarmsOptions options, CancellationToken cancellation)
    {
        AlarmsRun run;
        try
        {
            var stages = BeatStages.In(options.Models);
            using var loaded = stages as IDisposable;
            run = await AlarmsRun.RunAsync(context, options, stages, cancellation);
        }
        catch (Exception problem) when (problem is RecordingFormatException or ModelLoadException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return context.BadInput(problem.Message);
        }

        AlarmText.Write(context.Out, run);
        context.Out.WriteLine(AlarmJson.Line(run));
        return run.Outcomes.All(outcome => outcome.Problem is null) ? ExitCodes.Done : ExitCodes.Incomplete;
    }
}
