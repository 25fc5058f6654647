using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;

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
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (stream.Totals.Refused < 1)
        {
            await Task.Delay(5, limit.Token);
        }

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
}
