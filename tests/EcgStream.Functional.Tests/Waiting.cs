namespace EcgStream.Functional.Tests;

/// <summary>Bounded waiting for a condition, in place of sleeping.</summary>
internal static class Waiting
{
    /// <summary>Longer than anything here takes on a busy machine; only a test that fails waits so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellation)
    {
        using var patience = Limited(cancellation);
        try
        {
            while (!await condition())
            {
                await Task.Delay(Between, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Assert.Fail($"waited {Patience.TotalSeconds} s in vain: {what}");
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what, CancellationToken cancellation) =>
        UntilAsync(() => Task.FromResult(condition()), what, cancellation);

    /// <summary>Reads until <paramref name="enough"/>; fails with what came when it never is.</summary>
    public static async Task<List<T>> ReadUntilAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, Func<List<T>, bool> enough, string what, CancellationToken cancellation)
    {
        using var patience = Limited(cancellation);
        List<T> read = [];
        try
        {
            await foreach (var item in open(patience.Token))
            {
                read.Add(item);
                if (enough(read))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Assert.Fail($"waited {Patience.TotalSeconds} s in vain: {what}; there came\n{string.Join('\n', read)}");
        }

        return read;
    }

    private static CancellationTokenSource Limited(CancellationToken cancellation)
    {
        var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        return limited;
    }
}
