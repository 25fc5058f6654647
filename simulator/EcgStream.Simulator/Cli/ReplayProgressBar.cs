using EcgStream.Simulator.Replay;
using Spectre.Console;

namespace EcgStream.Simulator.Cli;

/// <summary>A progress bar, and above it a line for each record that did not end well.</summary>
internal sealed class ReplayProgressBar(CliContext context) : IShownReplayView
{
    private ProgressTask? _task;

    public void Begin(int? records)
    {
        if (_task is { } task)
        {
            task.IsIndeterminate = records is null;
            task.MaxValue = records ?? double.MaxValue;
        }
    }

    public void Add(RecordOutcome outcome, ReplayTotals totals)
    {
        if (outcome.Status != RecordStatus.Answered)
        {
            context.Console.MarkupLine($"[yellow]{Markup.Escape(ReplayViews.Describe(outcome))}[/]");
        }

        if (_task is { } task)
        {
            task.Increment(1);
            var accuracy = totals.Accuracy is { } share ? FormattableString.Invariant($", accuracy {share:0.000}") : "";
            task.Description = FormattableString.Invariant($"{totals.Records} records, {totals.Windows} windows{accuracy}");
        }
    }

    public Task ShowAsync(Func<Task> replay) => context.Console.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
        .StartAsync(async progress =>
        {
            _task = progress.AddTask("connecting");
            await replay();
        });
}
