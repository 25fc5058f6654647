using EcgStream.Simulator.Replay;

namespace EcgStream.Simulator.Cli;

/// <summary>A line per record, for files and pipes.</summary>
internal sealed class ReplayLines(CliContext context) : IShownReplayView
{
    public void Begin(int? records)
    {
        if (records is { } count)
        {
            context.Out.WriteLine(FormattableString.Invariant($"{count} records"));
        }
    }

    public void Add(RecordOutcome outcome, ReplayTotals totals) => context.Out.WriteLine(ReplayViews.Describe(outcome));

    public Task ShowAsync(Func<Task> replay) => replay();
}
