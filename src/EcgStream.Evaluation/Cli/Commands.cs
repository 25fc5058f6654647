using System.CommandLine;

namespace EcgStream.Evaluation.Cli;

/// <summary>The commands of <c>ecgeval</c>, one line each.</summary>
internal static class Commands
{
    public static IEnumerable<Command> All(EvalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return
        [
            new Ec57.Ec57Command(context),
            new Alarms.AlarmsCommand(context),
            new Episodes.EpisodesCommand(context),
            new Rhythm.RhythmCommand(context),
            new Beats.BeatsCommand(context),
            new Contests.PredictCommand(context),
            new Contests.ScoreCommand(context),
            new NoiseStress.NstCommand(context),
            new Tuning.TuneQrsCommand(context),
        ];
    }
}
