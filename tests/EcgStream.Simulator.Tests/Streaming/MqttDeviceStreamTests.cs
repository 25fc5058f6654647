using System.Net;
using System.Net.Sockets;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using EcgStream.Testing;

namespace EcgStream.Simulator.Tests.Streaming;

public sealed class MqttDeviceStreamTests
{
    [Fact]
    public async Task Send_HealthyBroker_AllChunksAreAckedInOrderOnTheDevicesTopic()
    {
        await using var broker = await TestBroker.StartAsync();
        using var factory = new DeviceStreamFactory(broker.Endpoint, Chunks.Quick with { Site = "ward-7" }, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 200));
        Assert.Equal(new DeviceStreamTotals(200, 200, 0, 0, 0, 0, null), totals);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (ulong)i), broker.Behaviour.Journal.Select(chunk => chunk.Sequence));
        Assert.Equal("ecg/v1/ward-7/d1/samples", Assert.Single(broker.Topics.Distinct()));
    }

    [Fact]
    public async Task Send_ConnectionsThatBreak_NothingIsLost()
    {
        await using var broker = await TestBroker.StartAsync();
        var drops = 0;
        broker.Drop = chunk => chunk.Sequence % 23 == 22 && drops++ < 6;
        using var factory = new DeviceStreamFactory(broker.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var totals = await Chunks.SendAllAsync(stream, Chunks.Session("d1", 150));
        Assert.Equal((150, 150, 0), (totals.Sent, totals.Acked, totals.Unanswered));
        Assert.True(totals.Reconnects >= 3, totals.ToString());
        Assert.True(totals.Resent > 0, totals.ToString());
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (ulong)i), broker.Behaviour.Journal.Select(chunk => chunk.Sequence).Order());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Send_RefusedChunks_AreCountedOnceHoweverTheyAreTold(bool inAnswer, bool onTopic)
    {
        await using var broker = await TestBroker.StartAsync();
        broker.RefusesInAnswer = inAnswer;
        broker.RefusesOnTopic = onTopic;
        broker.Behaviour.Refuse = (chunk, _) => chunk.Sequence % 10 == 4 ? RefusalReason.FormatChanged : null;
        using var factory = new DeviceStreamFactory(broker.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        await Chunks.SendAllAsync(stream, Chunks.Session("d1", 50));

        // Told on the topic only, a refusal may come after the answers.
        await Chunks.UntilAsync(() => stream.Totals.Refused >= 5, "five refusals");
        Assert.Equal((50, 45, 5, 0), (stream.Totals.Sent, stream.Totals.Acked, stream.Totals.Refused, stream.Totals.Unanswered));
        Assert.Contains("FormatChanged", stream.Totals.FirstRefusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WhatIsNoRefusalOnItsTopic_ChangesNothing()
    {
        await using var broker = await TestBroker.StartAsync();
        using var factory = new DeviceStreamFactory(broker.Endpoint, Chunks.Quick, TimeProvider.System);
        await using var stream = factory.Open("d1");
        var chunks = Chunks.Session("d1", 20).ToList();
        await stream.SendAsync(chunks[0], TestContext.Current.CancellationToken);
        await Chunks.UntilAsync(() => stream.Totals.Acked == 1, "the first acknowledgement");
        await broker.TellNonsenseAsync("d1");
        var totals = await Chunks.SendAllAsync(stream, chunks.Skip(1));
        Assert.Equal(new DeviceStreamTotals(20, 20, 0, 0, 0, 0, null), totals);
    }

    [Fact]
    public async Task Connect_BrokerThatNeverAnswers_IsATimeoutWhateverTheClientThrows()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var endpoint = new StreamEndpoint(StreamTransport.Mqtt, "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port);
        using var factory = new DeviceStreamFactory(endpoint, Chunks.Quick with { GiveUpAfter = TimeSpan.Zero }, clock);
        await using var stream = factory.Open("d1");
        await stream.SendAsync(Chunks.Session("d1", 1).First(), TestContext.Current.CancellationToken);
        using var peer = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await peer.GetStream().ReadExactlyAsync(new byte[2], TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromSeconds(10));

        var fault = await Assert.ThrowsAsync<DeviceStreamException>(() => stream.CompleteAsync(TestContext.Current.CancellationToken));
        Assert.Contains("no answer to CONNECT within 10 s", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The clock stands: a dispose that waited for any limit would not end.</summary>
    [Fact]
    public async Task Dispose_WithoutComplete_EndsAtOnceAndLeavesNoConnection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var factory = new DeviceStreamFactory(broker.Endpoint, Chunks.Quick, new ManualTimeProvider());
        var stream = factory.Open("d1");
        var chunks = Chunks.Session("d1", 2).ToList();
        await stream.SendAsync(chunks[0], TestContext.Current.CancellationToken);
        await Chunks.UntilAsync(() => stream.Totals.Acked == 1, "the acknowledgement");
        Assert.Equal(1, await broker.ConnectionsAsync());
        var gone = broker.NextGoneAsync();

        await stream.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.SendAsync(chunks[1], TestContext.Current.CancellationToken));
        Assert.Equal((1, 1, 0), (stream.Totals.Sent, stream.Totals.Acked, stream.Totals.Unanswered));
        await gone.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, await broker.ConnectionsAsync());
    }
}
