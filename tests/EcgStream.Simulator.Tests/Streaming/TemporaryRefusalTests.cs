using System.Diagnostics;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>Refusals that pass: the connection ends, and everything unanswered goes out again in order.</summary>
public sealed class TemporaryRefusalTests
{
    /// <summary>Long enough for the last call's chunks to be gone before the next call's come.</summary>
    private static readonly DeviceStreamOptions Options = Chunks.Quick with
    {
        FirstReconnectDelay = TimeSpan.FromMilliseconds(60),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(120),
    };

    [Theory]
    [InlineData(RefusalReason.Overloaded)]
    [InlineData(RefusalReason.Storage)]
    [InlineData(RefusalReason.SecondWriter)]
    [InlineData(RefusalReason.TooManyDevices)]
    public async Task Send_RunRefusedForNow_AllArriveInOrderOnce(RefusalReason reason)
    {
        await using var daemon = await TestDaemon.StartAsync();
        RefuseFrom(daemon.Behaviour, 5, reason);
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Options, TimeProvider.System);
        await using var stream = factory.Open("d1");
        AssertAllInOrder(await Chunks.SendAllAsync(stream, Chunks.Session("d1", 40)), daemon.Behaviour);
    }

    [Theory]
    [InlineData(RefusalReason.Overloaded, true, true)]
    [InlineData(RefusalReason.Overloaded, true, false)]
    [InlineData(RefusalReason.TooManyDevices, true, true)]
    [InlineData(RefusalReason.SecondWriter, true, true)]
    [InlineData(RefusalReason.SecondWriter, true, false)]
    [InlineData(RefusalReason.Storage, false, false)]
    public async Task SendMqtt_RunRefusedForNow_AllArriveInOrderOnce(RefusalReason reason, bool inAnswer, bool onTopic)
    {
        await using var broker = await TestBroker.StartAsync();
        (broker.RefusesInAnswer, broker.RefusesOnTopic) = (inAnswer, onTopic);
        RefuseFrom(broker.Behaviour, 5, reason);
        using var factory = new DeviceStreamFactory(broker.Endpoint, Options, TimeProvider.System);
        await using var stream = factory.Open("d1");
        AssertAllInOrder(await Chunks.SendAllAsync(stream, Chunks.Session("d1", 40)), broker.Behaviour);
    }

    [Fact]
    public async Task Send_SecondWriterThatGoesAway_TheStreamGoesOnWithoutLoss()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.OneWriter = true;
        var chunks = Chunks.Session("d1", 40).ToList();
        using var channel = GrpcChannels.Open(daemon.Endpoint);
        using var halfOpen = await OpenWriterAsync(channel, chunks[..5]);

        // The device sends again what it has no answer for; its old call still holds the session.
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Options, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var sending = Chunks.SendAllAsync(stream, chunks);
        await Chunks.UntilAsync(() => daemon.Behaviour.Refusals >= 20 || sending.IsCompleted, "20 refusals");
        Assert.False(sending.IsCompleted);
        Assert.Equal(5, daemon.Behaviour.Journal.Count);
        halfOpen.Dispose();
        var totals = await sending;
        Assert.Equal((40, 35, 5, 0, 0), (totals.Sent, totals.Acked, totals.Duplicate, totals.Refused, totals.Unanswered));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (ulong)i), daemon.Behaviour.Journal.Select(chunk => chunk.Sequence));
    }

    [Fact]
    public async Task Send_SecondWriterThatStays_GivesUpWithTheRefusalAndCountsUnanswered()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.OneWriter = true;
        var chunks = Chunks.Session("d1", 40).ToList();
        using var channel = GrpcChannels.Open(daemon.Endpoint);
        using var other = await OpenWriterAsync(channel, chunks[..1]);
        using var factory = new DeviceStreamFactory(daemon.Endpoint, Options with { GiveUpAfter = TimeSpan.FromMilliseconds(400) }, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<DeviceStreamException>(() => Chunks.SendAllAsync(stream, chunks));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(400), watch.Elapsed.ToString());
        Assert.Contains("SecondWriter, refused by the test", error.Message, StringComparison.Ordinal);
        Assert.Contains("gave up", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (stream.Totals.Acked, stream.Totals.Duplicate, stream.Totals.Refused));
        Assert.Equal(stream.Totals.Sent, stream.Totals.Unanswered);
        Assert.True(stream.Totals.Unanswered >= 8, stream.Totals.ToString());
    }

    [Fact]
    public async Task Send_NoGiveUp_KeepsTrying()
    {
        await using var daemon = await TestDaemon.StartAsync();
        daemon.Behaviour.Refuse = (_, before) => before < 12 ? RefusalReason.Storage : null;
        var options = Chunks.Quick with { GiveUpAfter = null, MaxInFlightChunks = 1 };
        using var factory = new DeviceStreamFactory(daemon.Endpoint, options, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 2));
        Assert.Equal((2, 0, 0), (totals.Acked, totals.Refused, totals.Unanswered));
        Assert.Equal(24, daemon.Behaviour.Refusals);
    }

    [Fact]
    public async Task SendMqtt_RefusedBehindABrokerThatHadTakenThem_CountsThemRefused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var factory = new DeviceStreamFactory(broker.Endpoint, Options, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var chunks = Chunks.Session("d1", 10).ToList();
        await Chunks.SendAllAsync(stream, chunks);
        await broker.RefuseLateAsync(chunks[3], RefusalReason.Overloaded);
        await Chunks.UntilAsync(() => stream.Totals.Refused >= 1, "the late refusal");
        Assert.Equal((10, 9, 1), (stream.Totals.Sent, stream.Totals.Acked, stream.Totals.Refused));
    }

    /// <summary>From one chunk on nothing is taken, until that chunk has been offered four times.</summary>
    private static void RefuseFrom(IngestBehaviour behaviour, ulong first, RefusalReason reason)
    {
        var open = false;
        behaviour.Refuse = (chunk, before) =>
        {
            if (chunk.Sequence == first && before >= 3)
            {
                Volatile.Write(ref open, true);
            }

            return chunk.Sequence >= first && !Volatile.Read(ref open) ? reason : null;
        };
    }

    private static void AssertAllInOrder(DeviceStreamTotals totals, IngestBehaviour behaviour)
    {
        Assert.Equal((40, 0, 0), (totals.Sent, totals.Refused, totals.Unanswered));
        Assert.Equal(40, totals.Acked + totals.Duplicate);
        Assert.True(totals.Reconnects >= 3, totals.ToString());
        Assert.True(behaviour.Refusals >= 3, totals.ToString());
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (ulong)i), behaviour.Journal.Select(chunk => chunk.Sequence));
    }

    private static async Task<AsyncDuplexStreamingCall<SampleChunk, AckBatch>> OpenWriterAsync(Grpc.Net.Client.GrpcChannel channel, IReadOnlyList<SampleChunk> chunks)
    {
        var call = new Ingest.IngestClient(channel).StreamSamples(cancellationToken: TestContext.Current.CancellationToken);
        foreach (var chunk in chunks)
        {
            await call.RequestStream.WriteAsync(chunk, TestContext.Current.CancellationToken);
        }

        for (var acked = 0; acked < chunks.Count;)
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            acked += call.ResponseStream.Current.Acks.Count;
        }

        return call;
    }
}
