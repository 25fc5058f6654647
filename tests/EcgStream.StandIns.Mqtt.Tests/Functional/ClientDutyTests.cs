using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>What the standard asks of a client, in bytes at a server that is none of ours.</summary>
public sealed class ClientDutyTests
{
    private const string Accepted311 = "20 02 00 00";
    private const string Accepted5 = "20 03 00 00 00";

    [Theory]
    [InlineData(MqttProtocolVersion.V311, Accepted311, 10, 10)]
    [InlineData(MqttProtocolVersion.V500, Accepted5, 10, 10)]
    [InlineData(MqttProtocolVersion.V500, "20 06 00 00 03 13 00 04", 100, 4)] // The server's 4 s go before the client's 100.
    public async Task KeepAlive_NothingElseSent_PingsInTime(MqttProtocolVersion version, string connAck, int askedSeconds, int validSeconds)
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(connAck, version, o => o.WithKeepAlivePeriod(TimeSpan.FromSeconds(askedSeconds)));

        server.Clock.Advance(TimeSpan.FromSeconds(validSeconds));

        Assert.Equal("C0 00", await server.TakeAsync());
    }

    [Theory]
    [InlineData("20 06 00 00 03 13 00 64")] // 100 s.
    [InlineData("20 06 00 00 03 13 00 00")] // None.
    public async Task KeepAlive_LongerByTheServer_ClientsOwnIsForgotten(string connAck)
    {
        using var server = new RawMqttServer();
        var heard = 0;
        server.Client.ApplicationMessageReceivedAsync += _ =>
        {
            heard++;
            return Task.CompletedTask;
        };
        await server.LetInAsync(connAck, configure: o => o.WithKeepAlivePeriod(TimeSpan.FromSeconds(4)));

        server.Clock.Advance(TimeSpan.FromSeconds(20));
        for (var i = 1; i <= 50; i++)
        {
            // Gives the client's watch its time, with packets that it does not answer.
            await server.SayAsync("30 05 00 01 61 00 78");
            await PublishSubscribeTests.WaitUntilAsync(() => heard == i);
        }

        await server.Client.PublishStringAsync("m", "1");
        Assert.Equal("30 05 00 01 6D 00 31", await server.TakeAsync());
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, "20 02 01 00")]
    [InlineData(MqttProtocolVersion.V500, "20 03 01 00 00")]
    public async Task SessionPresent_WhereAskedForACleanOne_ConnectionClosed(MqttProtocolVersion version, string connAck)
    {
        using var server = new RawMqttServer();

        await Assert.ThrowsAsync<MqttConnectingFailedException>(() => server.LetInAsync(connAck, version));

        Assert.Null(await server.TakeAsync());
        Assert.False(server.Client.IsConnected);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, "20 02 01 00", "20 02 00 00", "34 06 00 01 61 00 07 78")]
    [InlineData(MqttProtocolVersion.V500, "20 03 01 00 00", "20 03 00 00 00", "34 07 00 01 61 00 07 00 78")]
    public async Task SessionState_KeptWhereTheServerKeepsIts_ElseForgotten(MqttProtocolVersion version, string present, string absent, string publish)
    {
        using var server = new RawMqttServer();
        var heard = 0;
        server.Client.ApplicationMessageReceivedAsync += _ =>
        {
            heard++;
            return Task.CompletedTask;
        };
        foreach (var (connAck, expected) in new[] { (absent, 1), (present, 1), (absent, 2) })
        {
            await server.LetInAsync(connAck, version, o => o.WithCleanSession(false));
            await server.SayAsync(publish);
            Assert.Equal("50 02 00 07", await server.TakeAsync());
            Assert.Equal(expected, heard);
            await server.BreakAsync();
        }
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, Accepted311, "32 05 00 01 61 00 03", "32 05 00 01 61 00 01", "32 05 00 01 61 00 02", "34 05 00 01 61 00 04", "34 05 00 01 61 00 06", "34 05 00 01 61 00 05")]
    [InlineData(MqttProtocolVersion.V500, Accepted5, "32 06 00 01 61 00 03 00", "32 06 00 01 61 00 01 00", "32 06 00 01 61 00 02 00", "34 06 00 01 61 00 04 00", "34 06 00 01 61 00 06 00", "34 06 00 01 61 00 05 00")]
    public async Task Received_WithNobodyToHandleIt_AcknowledgedInTheOrderOfArrival(MqttProtocolVersion version, string connAck, params string[] publishes)
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(connAck, version);

        await server.SayAsync(publishes);

        Assert.Equal(["40 02 00 03", "40 02 00 01", "40 02 00 02", "50 02 00 04", "50 02 00 06", "50 02 00 05"], await server.TakeAsync(6));
        await server.SayAsync("62 02 00 05");
        Assert.Equal("70 02 00 05", await server.TakeAsync());
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, Accepted311)]
    [InlineData(MqttProtocolVersion.V500, Accepted5)]
    public async Task QoS2_PubRecsInAnyOrder_PubRelsInTheSame(MqttProtocolVersion version, string connAck)
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(connAck, version);
        var publishes = Enumerable.Range(0, 3).Select(_ => server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce)).ToList();
        await server.TakeAsync(3);

        await server.SayAsync("50 02 00 02", "50 02 00 03", "50 02 00 01");

        Assert.Equal(["62 02 00 02", "62 02 00 03", "62 02 00 01"], await server.TakeAsync(3));
        Assert.All(publishes, p => Assert.False(p.IsCompleted));
        await server.SayAsync("70 02 00 01", "70 02 00 02", "70 02 00 03");
        await Task.WhenAll(publishes).WaitAsync(MqttTestHost.Patience);
    }

    [Fact]
    public async Task PubRecThatRefuses_KnownOrNot_NoPubRel()
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(Accepted5);
        var publish = server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        await server.TakeAsync();

        await server.SayAsync("50 03 00 01 83", "50 03 00 01 83");

        Assert.Equal(MqttClientPublishReasonCode.ImplementationSpecificError, (await publish.WaitAsync(MqttTestHost.Patience)).ReasonCode);
        await server.SayAsync("32 06 00 01 61 00 09 00");
        Assert.Equal("40 02 00 09", await server.TakeAsync());
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, Accepted311)]
    [InlineData(MqttProtocolVersion.V500, Accepted5)]
    public async Task Identifiers_OfWhatIsUnanswered_DifferAndNoneOnQoS0(MqttProtocolVersion version, string connAck)
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(connAck, version);
        var properties = version == MqttProtocolVersion.V500 ? " 00" : string.Empty;
        var more = version == MqttProtocolVersion.V500 ? 1 : 0;

        _ = server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        _ = server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        _ = server.Client.SubscribeAsync("b", MqttQualityOfServiceLevel.AtLeastOnce);
        _ = server.Client.UnsubscribeAsync("b");
        await server.Client.PublishStringAsync("a", "x");

        Assert.Equal(
            [
                $"32 0{6 + more} 00 01 61 00 01{properties} 78", $"34 0{6 + more} 00 01 61 00 02{properties} 78",
                $"82 0{6 + more} 00 03{properties} 00 01 62 01", $"A2 0{5 + more} 00 04{properties} 00 01 62",
                $"30 0{4 + more} 00 01 61{properties} 78",
            ],
            await server.TakeAsync(5));
    }

    [Fact]
    public async Task MaximumQoSAndRetainAvailable_OfTheServer_NotExceeded()
    {
        using var server = new RawMqttServer();
        await server.LetInAsync("20 07 00 00 04 24 01 25 00");

        await Assert.ThrowsAsync<NotSupportedException>(() => server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce));
        await Assert.ThrowsAsync<NotSupportedException>(() => server.Client.PublishStringAsync("a", "x", retain: true));

        _ = server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        Assert.Equal("32 07 00 01 61 00 01 00 78", await server.TakeAsync());
    }

    [Fact]
    public async Task MaximumPacketSize_OfTheServer_NotExceededByAnyPacket()
    {
        using var server = new RawMqttServer();
        await server.LetInAsync("20 08 00 00 05 27 00 00 00 14"); // 20 bytes.
        var wordy = new string('x', 30);
        server.Client.ApplicationMessageReceivedAsync += e =>
        {
            e.ResponseReasonString = e.ApplicationMessage.Topic == "short" ? "ok" : wordy;
            e.ResponseUserProperties.Add(new MqttUserProperty("why", new byte[30].AsMemory()));
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => server.Client.PublishStringAsync("a", wordy));
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => server.Client.SubscribeAsync(wordy));
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => server.Client.UnsubscribeAsync(wordy));
        await server.SayAsync("32 06 00 01 61 00 09 00", "34 0A 00 05 73 68 6F 72 74 00 0A 00");
        Assert.Equal(["40 02 00 09", "50 09 00 0A 00 05 1F 00 02 6F 6B"], await server.TakeAsync(2));
        await server.Client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.AdministrativeAction, ReasonString = wordy });

        Assert.Equal("E0 01 98", await server.TakeAsync());
        Assert.Null(await server.TakeAsync());
    }

    [Theory]
    [InlineData("20 06 00 00 03 22 00 02", 2)]
    [InlineData(Accepted5, 0)]
    public async Task TopicAliasMaximum_OfTheServer_NotExceeded(string connAck, int maximum)
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(connAck);
        Task PublishAsync(int alias) => server.Client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("a").WithTopicAlias((ushort)alias).WithPayload("x").Build());

        await Assert.ThrowsAsync<NotSupportedException>(() => PublishAsync(maximum + 1));
        await PublishAsync(maximum);

        Assert.Equal(maximum == 0 ? "30 05 00 01 61 00 78" : $"30 08 00 01 61 03 23 00 0{maximum} 78", await server.TakeAsync());
    }

    [Fact]
    public async Task TopicAlias_UpToWhatWasToldTheServer_AcceptedAndGoneWithTheConnection()
    {
        using var server = new RawMqttServer();
        var messages = MqttTestHost.Collect(server.Client);
        await server.LetInAsync(Accepted5, configure: o => o.WithTopicAliasMaximum(5));

        await server.SayAsync("30 08 00 01 61 03 23 00 05 78", "30 07 00 00 03 23 00 05 79", "30 08 00 01 62 03 23 00 01 7A");

        Assert.Equal(["a", "a", "b"], [(await MqttTestHost.NextAsync(messages)).Topic, (await MqttTestHost.NextAsync(messages)).Topic, (await MqttTestHost.NextAsync(messages)).Topic]);
        await server.BreakAsync();
        await server.LetInAsync(Accepted5, configure: o => o.WithTopicAliasMaximum(5));
        await server.SayAsync("30 07 00 00 03 23 00 05 79");
        Assert.StartsWith("E0", await server.TakeAsync(), StringComparison.Ordinal);
        Assert.Null(await server.TakeAsync());
    }

    [Fact]
    public async Task ReceiveMaximum_OfTheServer_HoldsBackPublishesOnly()
    {
        using var server = new RawMqttServer();
        await server.LetInAsync("20 06 00 00 03 21 00 02");
        for (var i = 0; i < 3; i++)
        {
            _ = server.Client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        }

        _ = server.Client.SubscribeAsync("b");
        _ = server.Client.PingAsync();

        Assert.Equal(["32 07 00 01 61 00 01 00 78", "32 07 00 01 61 00 02 00 78", "82 07 00 03 00 00 01 62 00", "C0 00"], await server.TakeAsync(4));
        await server.SayAsync("40 02 00 02");
        Assert.Equal("32 07 00 01 61 00 04 00 78", await server.TakeAsync());
    }

    [Fact]
    public async Task Topic_LongerThanTheProtocolCanSay_NotSent()
    {
        using var server = new RawMqttServer();
        await server.LetInAsync(Accepted5);

        // 40,000 characters, 80,000 bytes.
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => server.Client.PublishStringAsync(new string('é', 40_000), "x"));
        await Assert.ThrowsAsync<MqttProtocolViolationException>(() => server.Client.SubscribeAsync(new string('é', 40_000)));

        await server.Client.PublishStringAsync("a", "x");
        Assert.Equal("30 05 00 01 61 00 78", await server.TakeAsync());
    }
}
