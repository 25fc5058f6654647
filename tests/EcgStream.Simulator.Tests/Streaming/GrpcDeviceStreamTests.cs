using System.Diagnostics;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Streaming;

public sealed class GrpcDeviceStreamTests
{
    [Fact]
    public async Task Send_HealthyDaemon_AllChunksAreAckedInOrder()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 200));
        Assert.Equal(new DeviceStreamTotals(200, 200, 0, 0, 0, 0, null), totals);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (ulong)i), daemon.Behaviour.Journal.Select(chunk => chunk.Sequence));
        Assert.True(daemon.Behaviour.Journal.Last().EndOfSession);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Send_CallsThatBreakAgainAndAgain_NothingIsLostOrRepeated(int seed)
    {
        await using var daemon = await TestDaemon.StartAsync();
        var random = new Random(seed);
        var calls = 0;
        daemon.Behaviour.BreakAfter = _ =>
        {
            lock (random)
            {
                return ++calls <= 25 ? random.Next(1, 12) : null;
            }
        };
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 300));
        Assert.True(totals.Unanswered == 0 && totals.Refused == 0, $"seed {seed}: {totals}");
        Assert.Equal(300, totals.Acked + totals.Duplicate);
        Assert.True(totals.Reconnects >= 5, $"seed {seed}: {totals}");
        Assert.True(totals.Duplicate > 0, $"seed {seed}: {totals}");
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (ulong)i), daemon.Behaviour.Journal.Select(chunk => chunk.Sequence));
    }

    [Fact]
    public async Task Send_DaemonThatRestarts_TheNewOneGetsTheRest()
    {
        var first = await TestDaemon.StartAsync();
        using var factory = new DeviceStreamFactory(first.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var chunks = Chunks.Session("d1", 60).ToList();
        foreach (var chunk in chunks.Take(30))
        {
            await stream.SendAsync(chunk, TestContext.Current.CancellationToken);
        }

        await Chunks.UntilAsync(() => stream.Totals.Acked >= 30, "30 acknowledged chunks");

        await first.DisposeAsync();
        var sending = Chunks.SendAllAsync(stream, chunks.Skip(30));
        await using var second = await TestDaemon.StartAsync(first.Endpoint.Port);
        var totals = await sending;
        Assert.Equal((60, 60, 0), (totals.Sent, totals.Acked + totals.Duplicate, totals.Unanswered));
        Assert.Equal(
            Enumerable.Range(0, 60).Select(i => (ulong)i),
            first.Behaviour.Journal.Concat(second.Behaviour.Journal).Select(chunk => chunk.Sequence).Distinct());
    }

    [Fact]
    public async Task Send_RefusedChunks_AreCountedWithTheirReasonAndNotSentAgain()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.Refuse = (chunk, _) => chunk.Sequence is 3 or 4 ? RefusalReason.FormatChanged : null;
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 20));
        Assert.Equal((18, 2, 0, 0), (totals.Acked, totals.Refused, totals.Resent, totals.Unanswered));
        Assert.Equal(RefusalReason.FormatChanged, totals.FirstRefusal?.Reason);
    }

    [Fact]
    public async Task Send_WindowFull_Waits()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.Mute = true;
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var chunks = Chunks.Session("d1", 9).ToList();
        foreach (var chunk in chunks.Take(8))
        {
            await stream.SendAsync(chunk, TestContext.Current.CancellationToken);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.SendAsync(chunks[8], limit.Token));
        Assert.Equal(8, stream.Totals.Sent);
    }

    [Fact]
    public async Task Complete_NoAnswers_EndsAfterTheTimeoutWithTheUnanswered()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.Mute = true;
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick with { AnswerTimeout = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 5));
        Assert.Equal(5, totals.Unanswered);
    }

    [Fact]
    public async Task Send_DaemonThatWillNotHaveTheDevice_FailsAtOnce()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.Reject = () => new Status(StatusCode.PermissionDenied, "not this one");
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var error = await Assert.ThrowsAsync<DeviceStreamException>(() => Chunks.SendAllAsync(stream, Chunks.Session("d1", 20)));
        Assert.Contains("not this one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NobodyListens_GivesUpAfterTheLimit()
    {
        var daemon = await TestDaemon.StartAsync();
        var endpoint = daemon.Endpoint;
        await daemon.DisposeAsync();
        using var factory = new DeviceStreamFactory(endpoint, Chunks.Quick with { GiveUpAfter = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<DeviceStreamException>(() => Chunks.SendAllAsync(stream, Chunks.Session("d1", 20)));
        Assert.Contains("gave up", error.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, stream.Totals.Resent);
    }

    [Fact]
    public async Task Dispose_WithUnansweredChunks_EndsAtOnce()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.Mute = true;
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        var stream = factory.Open("d1");
        await stream.SendAsync(Chunks.Session("d1", 1).First(), TestContext.Current.CancellationToken);
        await stream.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.SendAsync(Chunks.Session("d1", 1).First(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dispose_EverythingAnswered_EndsTheCallInsteadOfResettingIt()
    {
        const int Streams = 100;
        await using var daemon = await TestDaemon.StartAsync();
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        for (var number = 0; number < Streams; number++)
        {
            await using var stream = factory.Open($"d{number}");
            await Chunks.SendAllAsync(stream, Chunks.Session($"d{number}", 3));
        }

        Assert.Equal(Streams, daemon.Behaviour.EndedByDevice);
    }

    [Fact]
    public async Task Open_ManyDevicesOnOneChannel_EachGetsItsOwnAnswers()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Chunks.Quick, TimeProvider.System);
        var totals = await Task.WhenAll(Enumerable.Range(1, 150).Select(async number =>
        {
            var device = $"d{number}";
            await using var stream = factory.Open(device);
            return await Chunks.SendAllAsync(stream, Chunks.Session(device, 10));
        }));
        Assert.All(totals, total => Assert.Equal(new DeviceStreamTotals(10, 10, 0, 0, 0, 0, null), total));
        Assert.Equal(1500, daemon.Behaviour.Journal.Count);
    }
}
