using System.Diagnostics;
using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Tests.Streaming;
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
        await using var daemon = await TestDaemon.StartAsync();
        var calls = 0;
        daemon.Behaviour.EndResultsAfter = () =>
        {
            if (Interlocked.Increment(ref calls) < 4)
            {
                return TimeSpan.FromMilliseconds(700);
            }

            daemon.Behaviour.Results.Writer.TryWrite(new ResultEvent { Cursor = 1, Result = new RhythmResult { DeviceId = "d1" } });
            return null;
        };

        // From the first break to the last is longer than this; each time without a connection is shorter.
        using var channel = GrpcChannels.Open(daemon.Endpoint);
        var results = new ResultSubscription(channel, 0, [], TimeSpan.FromMilliseconds(300), TimeProvider.System);
        Assert.Equal(1UL, (await FirstAsync(results).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Cursor);
        Assert.Equal(3, results.Reconnects);
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
