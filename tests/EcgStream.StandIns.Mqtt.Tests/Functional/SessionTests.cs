using EcgStream.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

public sealed class SessionTests
{
    private static void Persistent(MqttServerOptionsBuilder options) => options.WithPersistentSessions();

    private static void Resume(MqttClientOptionsBuilder options, MqttProtocolVersion version)
    {
        options.WithCleanStart(false);
        if (version == MqttProtocolVersion.V500)
        {
            options.WithSessionExpiryInterval(3600);
        }
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task PersistentSession_MessagesWhileAway_ArriveOnResume(MqttProtocolVersion version)
    {
        await using var host = await MqttTestHost.StartAsync(Persistent);
        var subscriber = await host.ConnectAsync("subscriber", version, o => Resume(o, version));
        await subscriber.SubscribeAsync("t/#", MqttQualityOfServiceLevel.ExactlyOnce);
        await subscriber.DisconnectAsync();
        var publisher = await host.ConnectAsync("publisher", version);
        await publisher.PublishStringAsync("t/0", "lost", MqttQualityOfServiceLevel.AtMostOnce);
        for (var i = 0; i < 20; i++)
        {
            await publisher.PublishStringAsync("t/1", "m" + i, i % 2 == 0 ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.ExactlyOnce);
        }

        var again = host.CreateClient();
        var messages = MqttTestHost.Collect(again);
        var options = host.ClientOptions("subscriber", version);
        Resume(options, version);
        var result = await again.ConnectAsync(options.Build());

        Assert.True(result.IsSessionPresent);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("m" + i, (await MqttTestHost.NextAsync(messages)).ConvertPayloadToString());
        }
    }

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce)]
    public async Task Unacknowledged_ConnectionLost_SentAgainWithDup(MqttQualityOfServiceLevel level)
    {
        await using var host = await MqttTestHost.StartAsync(Persistent);
        MqttProperties expiry = new() { SessionExpiryInterval = 600 };
        var first = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c => c.Properties = expiry);
        await first.SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [new MqttTopicFilter { Topic = "t", QualityOfServiceLevel = level }] });
        Assert.IsType<MqttSubAckPacket>(await first.ReceiveAsync());
        var publisher = await host.ConnectAsync("publisher");
        await publisher.PublishStringAsync("t", "one", level);
        await publisher.PublishStringAsync("t", "two", level);
        var one = Assert.IsType<MqttPublishPacket>(await first.ReceiveAsync());
        var oneId = one.PacketIdentifier;
        Assert.False(one.Dup);
        Assert.IsType<MqttPublishPacket>(await first.ReceiveAsync());
        first.Dispose();

        using var second = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c =>
        {
            c.CleanSession = false;
            c.Properties = expiry;
        });
        var again = Assert.IsType<MqttPublishPacket>(await second.ReceiveAsync());

        Assert.True(again.Dup);
        Assert.Equal(oneId, again.PacketIdentifier);
        Assert.Equal("one"u8.ToArray(), again.Payload.ToArray());
        Assert.Equal("two"u8.ToArray(), Assert.IsType<MqttPublishPacket>(await second.ReceiveAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task ReleasedQoS2_ConnectionLost_PubRelSentAgain()
    {
        await using var host = await MqttTestHost.StartAsync(Persistent);
        MqttProperties expiry = new() { SessionExpiryInterval = 600 };
        var first = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c => c.Properties = expiry);
        await first.SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [new MqttTopicFilter { Topic = "t", QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce }] });
        Assert.IsType<MqttSubAckPacket>(await first.ReceiveAsync());
        await (await host.ConnectAsync("publisher")).PublishStringAsync("t", "one", MqttQualityOfServiceLevel.ExactlyOnce);
        var id = Assert.IsType<MqttPublishPacket>(await first.ReceiveAsync()).PacketIdentifier;
        await first.SendAsync(new MqttAckPacket(MqttPacketType.PubRec) { PacketIdentifier = id });
        Assert.Equal(MqttPacketType.PubRel, (await first.ReceiveAsync())!.Type);
        first.Dispose();

        using var second = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c =>
        {
            c.CleanSession = false;
            c.Properties = expiry;
        });
        var release = Assert.IsType<MqttAckPacket>(await second.ReceiveAsync());

        Assert.Equal(MqttPacketType.PubRel, release.Type);
        Assert.Equal(id, release.PacketIdentifier);
        await second.SendAsync(new MqttAckPacket(MqttPacketType.PubComp) { PacketIdentifier = id });
        await second.SendAsync(MqttPingPacket.Request);
        Assert.Equal(MqttPacketType.PingResp, (await second.ReceiveAsync())!.Type);
        Assert.Equal(0, (await host.Server.GetSessionsAsync()).Single(s => s.Id == "raw").PendingApplicationMessagesCount);
    }

    [Fact]
    public async Task ReceivedQoS2_SentAgainBeforeRelease_HandledOnce()
    {
        await using var host = await MqttTestHost.StartAsync(Persistent);
        var handled = 0;
        host.Server.InterceptingPublishAsync += _ =>
        {
            Interlocked.Increment(ref handled);
            return Task.CompletedTask;
        };
        MqttProperties expiry = new() { SessionExpiryInterval = 600 };
        var publish = new MqttPublishPacket { Topic = "t", PacketIdentifier = 7, QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce };
        var first = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c => c.Properties = expiry);
        await first.SendAsync(publish);
        Assert.Equal(MqttPacketType.PubRec, (await first.ReceiveAsync())!.Type);
        first.Dispose();

        using var second = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c =>
        {
            c.CleanSession = false;
            c.Properties = expiry;
        });
        publish.Dup = true;
        await second.SendAsync(publish);
        Assert.Equal(MqttPacketType.PubRec, (await second.ReceiveAsync())!.Type);
        await second.SendAsync(new MqttAckPacket(MqttPacketType.PubRel) { PacketIdentifier = 7 });
        Assert.Equal(0, Assert.IsType<MqttAckPacket>(await second.ReceiveAsync()).ReasonCode);
        await second.SendAsync(new MqttAckPacket(MqttPacketType.PubRel) { PacketIdentifier = 7 });
        Assert.Equal(0x92, Assert.IsType<MqttAckPacket>(await second.ReceiveAsync()).ReasonCode);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task SessionExpiry_Elapsed_SessionIsGone()
    {
        var clock = new ManualTimeProvider();
        await using var host = await MqttTestHost.StartAsync(Persistent, clock);
        var deleted = new TaskCompletionSource<string>();
        host.Server.SessionDeletedAsync += e =>
        {
            deleted.TrySetResult(e.Id);
            return Task.CompletedTask;
        };
        var client = await host.ConnectAsync("a", configure: o => o.WithSessionExpiryInterval(60));
        await client.DisconnectAsync();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 0);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(await host.Server.GetSessionsAsync());

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("a", await deleted.Task.WaitAsync(MqttTestHost.Patience));
        Assert.Empty(await host.Server.GetSessionsAsync());
    }

    [Fact]
    public async Task PersistentSessionsOff_ClientIsToldAndSessionEnds()
    {
        await using var host = await MqttTestHost.StartAsync();
        var client = host.CreateClient();
        var result = await client.ConnectAsync(host.ClientOptions("a").WithCleanStart(false).WithSessionExpiryInterval(60).Build());
        Assert.Equal(0u, result.SessionExpiryInterval);
        await client.DisconnectAsync();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 0);
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetSessionsAsync().GetAwaiter().GetResult().Count == 0);
    }

    [Fact]
    public async Task SameClientId_SecondConnection_TakesOver()
    {
        await using var host = await MqttTestHost.StartAsync();
        var types = new List<MqttClientDisconnectType>();
        host.Server.ClientDisconnectedAsync += e =>
        {
            types.Add(e.DisconnectType);
            return Task.CompletedTask;
        };
        var first = host.CreateClient();
        var disconnected = new TaskCompletionSource<MqttClientDisconnectedEventArgs>();
        first.DisconnectedAsync += e =>
        {
            disconnected.TrySetResult(e);
            return Task.CompletedTask;
        };
        await first.ConnectAsync(host.ClientOptions("same").Build());

        var second = await host.ConnectAsync("same");

        Assert.Equal(MqttClientDisconnectReason.SessionTakenOver, (await disconnected.Task.WaitAsync(MqttTestHost.Patience)).Reason);
        Assert.Equal([MqttClientDisconnectType.Takeover], types);
        await second.PingAsync();
        Assert.Single(await host.Server.GetClientsAsync());
    }

    [Theory]
    [InlineData(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage, "m5", "m14")]
    [InlineData(MqttPendingMessagesOverflowStrategy.DropNewMessage, "m0", "m9")]
    public async Task QueueFull_Strategy_DropsAndTells(MqttPendingMessagesOverflowStrategy strategy, string first, string last)
    {
        await using var host = await MqttTestHost.StartAsync(o => o.WithPersistentSessions().WithMaxPendingMessagesPerClient(10).WithPendingMessagesOverflowStrategy(strategy));
        var dropped = 0;
        host.Server.ApplicationMessageEnqueuedOrDroppedAsync += e =>
        {
            dropped += e.IsDropped ? 1 : 0;
            return Task.CompletedTask;
        };
        var subscriber = await host.ConnectAsync("subscriber", configure: o => o.WithSessionExpiryInterval(100));
        await subscriber.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        await subscriber.DisconnectAsync();
        await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count == 0);
        for (var i = 0; i < 15; i++)
        {
            await host.Server.InjectApplicationMessage("t", "m" + i, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var again = host.CreateClient();
        var messages = MqttTestHost.Collect(again);
        await again.ConnectAsync(host.ClientOptions("subscriber").WithCleanStart(false).WithSessionExpiryInterval(100).Build());
        var all = new List<string?>();
        for (var i = 0; i < 10; i++)
        {
            all.Add((await MqttTestHost.NextAsync(messages)).ConvertPayloadToString());
        }

        Assert.Equal(5, dropped);
        Assert.Equal((first, last), (all[0], all[^1]));
    }
}
