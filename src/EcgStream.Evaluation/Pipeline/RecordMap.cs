using EcgStream.Evaluation.Cli;
using Spectre.Console;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>Scores many records on several cores, with a progress bar; results keep the order of the records.</summary>
internal static class RecordMap
{
    private const int PlainReports = 10;

    /// <summary>Runs a function over all items.</summary>
    /// <param name="context">Progress goes to its error side.</param>
    /// <param name="what">What is being done, one or two words.</param>
    /// <param name="items">What to work on.</param>
    /// <param name="work">Called on worker threads; makes its own runner, or rents one.</param>
    /// <param name="workers">Threads at most; null for all cores.</param>
    public static async Task<IReadOnlyList<TResult>> RunAsync<TItem, TResult>(
        EvalContext context, string what, IReadOnlyList<TItem> items, Func<TItem, CancellationToken, TResult> work, CancellationToken cancellation, int? workers = null)
    {
        var results = new TResult[items.Count];
        if (!context.Interactive)
        {
            var done = 0;
            await EachAsync(items, results, work, workers, () => Report(context, what, Interlocked.Increment(ref done), items.Count), cancellation);
            return results;
        }

        await context.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Markup.Escape(what), maxValue: Math.Max(1, items.Count));
                await EachAsync(items, results, work, workers, () => bar.Increment(1), cancellation);
            });
        return results;
    }

    private static Task EachAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, TResult[] results, Func<TItem, CancellationToken, TResult> work, int? workers, Action step, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count),
            new ParallelOptions { MaxDegreeOfParallelism = workers ?? Environment.ProcessorCount, CancellationToken = cancellation },
            async (index, token) =>
            {
                // Off the caller's thread at once: the work is synchronous and long.
                await Task.Yield();
                results[index] = work(items[index], token);
                step();
            });

    private static void Report(EvalContext context, string what, int done, int of)
    {
        if (done * PlainReports / of != (done - 1) * PlainReports / of)
        {
            context.Error.WriteLine(FormattableString.Invariant($"{what}: {done} of {of}"));
        }
    }
}
