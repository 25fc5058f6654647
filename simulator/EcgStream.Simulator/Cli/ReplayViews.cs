using EcgStream.Simulator.Replay;

namespace EcgStream.Simulator.Cli;

/// <summary>Chooses how a replay is shown.</summary>
internal static class ReplayViews
{
    public static IShownReplayView Create(CliContext context) => context.Interactive ? new ReplayProgressBar(context) : new ReplayLines(context);

    /// <summary>One line on one record.</summary>
    public static string Describe(RecordOutcome outcome)
    {
        if (outcome.Prediction is not { } prediction)
        {
            return $"{outcome.Record}: {Status(outcome)}";
        }

        var label = outcome.Label is { } known ? $" (label {known}{(outcome.Correct == true ? "" : ", wrong")})" : "";
        var score = prediction.Scores[prediction.Labels.ToList().IndexOf(prediction.Label)];
        var text = FormattableString.Invariant(
            $"{outcome.Record}: {prediction.Label} {score:0.000}{label}, {prediction.Windows} windows, first result after {prediction.FirstResultMs:0} ms, {outcome.Device}");
        return outcome.Status == RecordStatus.Answered ? text : $"{text}: {Status(outcome)}";
    }

    private static string Status(RecordOutcome outcome) => $"{outcome.Status.ToString().ToLowerInvariant()}: {outcome.Message}";
}
