using System.Text;
using EcgStream.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>Who gets which message: wildcards, retained messages, last wills, subscription options, shared subscriptions.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("+/+", "/x", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/+", "$SYS/x", true)]
    public async Task Filter_Topic_MatchesAsTheStandardSays(string filter, string topic, bool expected)
    {
        Assert.Equal(expected, MqttTopicRules.IsMatch(filter, topic));
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = await host.ConnectAsync("subscriber");
        await subscriber.SubscribeAsync(filter);
        var publisher = await host.ConnectAsync("publisher");

        var result = await publisher.PublishStringAsync(topic, "x", MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.Equal(expected ? MqttClientPublishReasonCode.Success : MqttClientPublishReasonCode.NoMatchingSubscribers, result.ReasonCode);
    }

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("a+/b")]
    [InlineData("$share/g")]
    [InlineData("$share//t")]
    [InlineData("$share/g+/t")]
    public async Task Subscribe_InvalidFilter_RefusedWithReason(string filter)
    {
        await using var host = await MqttTestHost.StartAsync();
        using var peer = await RawMqttPeer.ConnectAsync(host.Port, "raw");
        await peer.SendAsync(new MqttSubscribePacket { PacketIdentifier = 9, TopicFilters = [new MqttTopicFilter { Topic = filter }, new MqttTopicFilter { Topic = "ok" }] });

        var answer = Assert.IsType<MqttSubAckPacket>(await peer.ReceiveAsync());

        Assert.Equal([0x8F, 0], answer.Codes);
    }

    [Fact]
    public async Task Retained_NewSubscriber_GetsLastOfEachTopic()
    {
        await using var host = await MqttTestHost.StartAsync();
        var publisher = await host.ConnectAsync("publisher");
        await publisher.PublishStringAsync("r/1", "old", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        await publisher.PublishStringAsync("r/1", "new", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        await publisher.PublishStringAsync("r/2", "gone", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        await publisher.PublishStringAsync("r/2", string.Empty, MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        var subscriber = await host.ConnectAsync("subscriber");
        var messages = MqttTestHost.Collect(subscriber);

        await subscriber.SubscribeAsync("r/#", MqttQualityOfServiceLevel.AtLeastOnce);
        await publisher.PublishStringAsync("r/3", "live", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);

        var kept = await MqttTestHost.NextAsync(messages);
        Assert.Equal(("new", true), (kept.ConvertPayloadToString(), kept.Retain));
        var live = await MqttTestHost.NextAsync(messages);
        Assert.Equal(("live", false), (live.ConvertPayloadToString(), live.Retain));
        Assert.Equal(2, (await host.Server.GetRetainedMessagesAsync()).Count);
    }

    [Fact]
    public async Task RetainHandling_EachOption_AsAsked()
    {
        await using var host = await MqttTestHost.StartAsync();
        var publisher = await host.ConnectAsync("publisher");
        await publisher.PublishStringAsync("r", "x", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        var subscriber = await host.ConnectAsync("subscriber");
        var messages = MqttTestHost.Collect(subscriber);
        async Task<int> CountAsync(MqttRetainHandling handling)
        {
            await subscriber.SubscribeAsync(new MqttTopicFilter { Topic = "r", RetainHandling = handling });
            await publisher.PublishStringAsync("r", "marker", MqttQualityOfServiceLevel.AtLeastOnce);
            var count = 0;
            while ((await MqttTestHost.NextAsync(messages)).ConvertPayloadToString() != "marker")
            {
                count++;
            }

            return count;
        }

        Assert.Equal(0, await CountAsync(MqttRetainHandling.DoNotSendOnSubscribe));
        Assert.Equal(0, await CountAsync(MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly));
        Assert.Equal(1, await CountAsync(MqttRetainHandling.SendAtSubscribe));
        await subscriber.UnsubscribeAsync("r");
        Assert.Equal(1, await CountAsync(MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly));
    }

    [Fact]
    public async Task SubscriptionOptions_NoLocalAndRetainAsPublished_Kept()
    {
        await using var host = await MqttTestHost.StartAsync();
        var client = await host.ConnectAsync("both");
        var messages = MqttTestHost.Collect(client);
        await client.SubscribeAsync(new MqttTopicFilter { Topic = "t", NoLocal = true, RetainAsPublished = true });
        await client.PublishStringAsync("t", "own", MqttQualityOfServiceLevel.AtLeastOnce);
        await (await host.ConnectAsync("other")).PublishStringAsync("t", "foreign", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);

        var message = await MqttTestHost.NextAsync(messages);

        Assert.Equal(("foreign", true), (message.ConvertPayloadToString(), message.Retain));
    }

    [Fact]
    public async Task OverlappingFilters_OneCopyWithBestQoSAndAllIdentifiers()
    {
        await using var host = await MqttTestHost.StartAsync();
        var client = await host.ConnectAsync("subscriber");
        var messages = MqttTestHost.Collect(client);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("t/#").WithSubscriptionIdentifier(1).Build());
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("t/+", MqttQualityOfServiceLevel.AtLeastOnce).WithSubscriptionIdentifier(2).Build());
        await host.Server.InjectApplicationMessage("t/1", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        await host.Server.InjectApplicationMessage("t/1", "end", MqttQualityOfServiceLevel.ExactlyOnce);

        var message = await MqttTestHost.NextAsync(messages);

        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, message.QualityOfServiceLevel);
        Assert.Equal([1u, 2u], message.SubscriptionIdentifiers!.Order());
        Assert.Equal("end", (await MqttTestHost.NextAsync(messages)).ConvertPayloadToString());
    }

    [Fact]
    public async Task SharedSubscription_ManyMessages_EachToOneMember()
    {
        await using var host = await MqttTestHost.StartAsync();
        var first = await host.ConnectAsync("first");
        var second = await host.ConnectAsync("second");
        var toFirst = MqttTestHost.Collect(first);
        var toSecond = MqttTestHost.Collect(second);
        await first.SubscribeAsync("$share/g/work/+", MqttQualityOfServiceLevel.AtLeastOnce);
        await second.SubscribeAsync("$share/g/work/+", MqttQualityOfServiceLevel.AtLeastOnce);
        for (var i = 0; i < 50; i++)
        {
            await host.Server.InjectApplicationMessage("work/" + i, "m" + i, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var all = new List<string?>();
        for (var i = 0; i < 25; i++)
        {
            all.Add((await MqttTestHost.NextAsync(toFirst)).ConvertPayloadToString());
            all.Add((await MqttTestHost.NextAsync(toSecond)).ConvertPayloadToString());
        }

        Assert.Equal(50, all.Distinct().Count());
        await first.DisconnectAsync();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 1);
        await host.Server.InjectApplicationMessage("work/x", "rest", MqttQualityOfServiceLevel.AtLeastOnce);
        await host.Server.InjectApplicationMessage("work/x", "rest", MqttQualityOfServiceLevel.AtLeastOnce);
        await MqttTestHost.NextAsync(toSecond);
        await MqttTestHost.NextAsync(toSecond);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Will_ConnectionLost_PublishedButNotAfterDisconnect(MqttProtocolVersion version)
    {
        await using var host = await MqttTestHost.StartAsync();
        var watcher = await host.ConnectAsync("watcher");
        var messages = MqttTestHost.Collect(watcher);
        await watcher.SubscribeAsync("wills/#");
        void WithWill(MqttConnectPacket c) => c.Will = new MqttWill { Topic = "wills/" + c.ClientId, Payload = "bye"u8.ToArray() };
        using (var polite = await RawMqttPeer.ConnectAsync(host.Port, "polite", version, WithWill))
        {
            await polite.SendAsync(new MqttDisconnectPacket());
            Assert.Null(await polite.ReceiveAsync());
        }

        if (version == MqttProtocolVersion.V500)
        {
            using var asked = await RawMqttPeer.ConnectAsync(host.Port, "asked", configure: WithWill);
            await asked.SendAsync(new MqttDisconnectPacket { ReasonCode = 4 });
            Assert.Null(await asked.ReceiveAsync());
            Assert.Equal("wills/asked", (await MqttTestHost.NextAsync(messages)).Topic);
        }

        (await RawMqttPeer.ConnectAsync(host.Port, "lost", version, WithWill)).Dispose();
        Assert.Equal("wills/lost", (await MqttTestHost.NextAsync(messages)).Topic);
    }

    [Fact]
    public async Task WillDelay_ClientReturnsInTime_NothingPublished()
    {
        var clock = new ManualTimeProvider();
        await using var host = await MqttTestHost.StartAsync(o => o.WithPersistentSessions(), clock);
        var watcher = await host.ConnectAsync("watcher", configure: o => o.WithNoKeepAlive());
        var messages = MqttTestHost.Collect(watcher);
        await watcher.SubscribeAsync("wills/#");
        void WithWill(MqttConnectPacket c)
        {
            c.CleanSession = false;
            c.Properties = new MqttProperties { SessionExpiryInterval = 100 };
            c.Will = new MqttWill { Topic = "wills/x", Payload = "bye"u8.ToArray(), Properties = new MqttProperties { WillDelayInterval = 10 } };
        }

        (await RawMqttPeer.ConnectAsync(host.Port, "x", configure: WithWill)).Dispose();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 1);
        clock.Advance(TimeSpan.FromSeconds(9));
        var back = await RawMqttPeer.ConnectAsync(host.Port, "x", configure: WithWill);
        clock.Advance(TimeSpan.FromSeconds(30));
        await host.Server.InjectApplicationMessage("wills/marker", "1");
        Assert.Equal("wills/marker", (await MqttTestHost.NextAsync(messages)).Topic);

        back.Dispose();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 1);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("wills/x", (await MqttTestHost.NextAsync(messages)).Topic);
    }

    [Fact]
    public async Task MessageExpiry_WaitedTooLong_DroppedAndRestShortened()
    {
        var clock = new ManualTimeProvider();
        await using var host = await MqttTestHost.StartAsync(o => o.WithPersistentSessions(), clock);
        var subscriber = await host.ConnectAsync("subscriber", configure: o => o.WithSessionExpiryInterval(1000));
        await subscriber.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        await subscriber.DisconnectAsync();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 0);
        foreach (var seconds in new uint[] { 5, 60 })
        {
            await host.Server.InjectApplicationMessage(new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder()
                .WithTopic("t").WithPayload("m" + seconds).WithMessageExpiryInterval(seconds).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()));
        }

        clock.Advance(TimeSpan.FromSeconds(20));
        var again = host.CreateClient();
        var messages = MqttTestHost.Collect(again);
        await again.ConnectAsync(host.ClientOptions("subscriber").WithCleanStart(false).WithSessionExpiryInterval(1000).Build());

        var message = await MqttTestHost.NextAsync(messages);
        Assert.Equal("m60", message.ConvertPayloadToString());
        Assert.InRange(message.MessageExpiryInterval, 39u, 41u);
    }

    [Fact]
    public async Task TopicAlias_FromClient_Resolved()
    {
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = await host.ConnectAsync("subscriber");
        var messages = MqttTestHost.Collect(subscriber);
        await subscriber.SubscribeAsync("long/topic/name");
        var publisher = await host.ConnectAsync("publisher");
        await publisher.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("long/topic/name").WithTopicAlias(3).WithPayload("1").Build());
        await publisher.PublishAsync(new MqttApplicationMessageBuilder().WithTopicAlias(3).WithPayload("2").Build());

        Assert.Equal("1", (await MqttTestHost.NextAsync(messages)).ConvertPayloadToString());
        var second = await MqttTestHost.NextAsync(messages);
        Assert.Equal(("2", "long/topic/name"), (second.ConvertPayloadToString(), second.Topic));
    }

    [Fact]
    public async Task ClientMaximumPacketSize_LargerMessage_LeftOut()
    {
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = await host.ConnectAsync("subscriber", configure: o => o.WithMaximumPacketSize(200));
        var messages = MqttTestHost.Collect(subscriber);
        await subscriber.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        await host.Server.InjectApplicationMessage("t", new string('x', 500), MqttQualityOfServiceLevel.AtLeastOnce);
        await host.Server.InjectApplicationMessage("t", "small", MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.Equal("small", (await MqttTestHost.NextAsync(messages)).ConvertPayloadToString());
        Assert.True(subscriber.IsConnected);
    }

    [Fact]
    public async Task ManualAcknowledge_HeldBack_ServerCountsItPending()
    {
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = host.CreateClient();
        var held = new TaskCompletionSource<MqttApplicationMessageReceivedEventArgs>();
        subscriber.ApplicationMessageReceivedAsync += e =>
        {
            e.AutoAcknowledge = false;
            held.TrySetResult(e);
            return Task.CompletedTask;
        };
        await subscriber.ConnectAsync(host.ClientOptions("subscriber").Build());
        await subscriber.SubscribeAsync("t", MqttQualityOfServiceLevel.ExactlyOnce);
        await host.Server.InjectApplicationMessage("t", "x", MqttQualityOfServiceLevel.ExactlyOnce);
        var args = await held.Task.WaitAsync(MqttTestHost.Patience);
        await subscriber.PingAsync();
        var session = (await host.Server.GetClientsAsync()).Single().Session;
        Assert.Equal(1, session.PendingApplicationMessagesCount);

        await args.AcknowledgeAsync(CancellationToken.None);

        await PublishSubscribeTests.WaitUntilAsync(() => session.PendingApplicationMessagesCount == 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => args.AcknowledgeAsync(CancellationToken.None));
    }
}
