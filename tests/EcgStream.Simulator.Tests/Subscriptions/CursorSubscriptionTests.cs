using System.Diagnostics;
using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Tests.Streaming;
using EcgStream.Testing;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Subscriptions;

public sealed class CursorSubscriptionTests
{
    [Fact]
    public async Task Read_CursorOfAReplacedStore_FailsAtOnceAndSaysSo()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.RejectResults = request => request.AfterCursor > 3 ? new Status(StatusCode.OutOfRange, "lies after the newest cursor, 3") : null;
        using var channel = GrpcChannels.Open(daemon.Endpoint);
        var results = new ResultSubscription(channel, 17, [], null, TimeProvider.System);
        var error = await Assert.ThrowsAsync<DeviceStreamException>(() => FirstAsync(results).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Contains("cursor 17", error.Message, StringComparison.Ordinal);
        Assert.Contains("replaced", error.Message, StringComparison.Ordinal);
        Assert.Contains("the newest cursor, 3", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, results.Reconnects);
    }

    [Fact]
    public async Task Read_QuietConnectionsThatBreak_DoNotAddUpToGivingUp()
    {
        const int Breaks = 3;
        await using var daemon = await TestDaemon.StartAsync();
        var clock = new ManualTimeProvider();
        var cuts = Enumerable.Range(0, Breaks).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var (calls, readsBefore) = (0, 0L);
        daemon.Behaviour.RejectResults = _ =>
        {
            Volatile.Write(ref readsBefore, clock.TimestampReads);
            Interlocked.Increment(ref calls);
            return null;
        };
        daemon.Behaviour.EndResultsWith = () => calls <= Breaks ? cuts[calls - 1].Task : null;

        // From the first break to the last is longer than this; each time without a connection is shorter.
        using var channel = GrpcChannels.Open(daemon.Endpoint);
        var results = new ResultSubscription(channel, 0, [], TimeSpan.FromMilliseconds(300), clock);
        var first = FirstAsync(results);
        for (var number = 1; number <= Breaks; number++)
        {
            // The subscription stands when its reader has looked at the clock after the headers.
            await Chunks.UntilAsync(() => calls == number && clock.TimestampReads > Volatile.Read(ref readsBefore), "the subscription to stand");
            clock.Advance(TimeSpan.FromMilliseconds(700));
            cuts[number - 1].SetResult();
            await Chunks.UntilAsync(
                () =>
                {
                    clock.Advance(TimeSpan.FromMilliseconds(10));
                    return calls > number || first.IsCompleted;
                },
                "the next subscription");
        }

        daemon.Behaviour.Results.Writer.TryWrite(new ResultEvent { Cursor = 1, Result = new RhythmResult { DeviceId = "d1" } });
        Assert.Equal(1UL, (await first.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Cursor);
        Assert.Equal(Breaks, results.Reconnects);
    }

    [Fact]
    public async Task Read_RefusedSubscriptions_GiveUpAfterTheLimit()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.RejectResults = _ => new Status(StatusCode.ResourceExhausted, "too many subscribers");
        using var channel = GrpcChannels.Open(daemon.Endpoint);
        var results = new ResultSubscription(channel, 0, [], TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<DeviceStreamException>(() => FirstAsync(results).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Contains("too many subscribers", error.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(250), watch.Elapsed.ToString());
    }

    private static async Task<ResultEvent> FirstAsync(ResultSubscription results)
    {
        await foreach (var next in results.ReadAsync(TestContext.Current.CancellationToken))
        {
            return next;
        }

        throw new InvalidOperationException("the subscription ended");
    }
}
