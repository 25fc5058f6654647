using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

public sealed class PublishSubscribeTests
{
    public static TheoryData<MqttProtocolVersion, MqttQualityOfServiceLevel> VersionsAndLevels()
    {
        var data = new TheoryData<MqttProtocolVersion, MqttQualityOfServiceLevel>();
        foreach (var version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            foreach (var level in Enum.GetValues<MqttQualityOfServiceLevel>())
            {
                data.Add(version, level);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(VersionsAndLevels))]
    public async Task Publish_ToSubscriber_ArrivesOnceInOrder(MqttProtocolVersion version, MqttQualityOfServiceLevel level)
    {
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = await host.ConnectAsync("subscriber", version);
        var messages = MqttTestHost.Collect(subscriber);
        await subscriber.SubscribeAsync("ecg/+/samples", level);
        var publisher = await host.ConnectAsync("publisher", version);

        var publishes = Enumerable.Range(0, 300)
            .Select(i => publisher.PublishStringAsync("ecg/a/samples", "m" + i, level))
            .ToList();
        foreach (var publish in publishes)
        {
            Assert.True((await publish.WaitAsync(MqttTestHost.Patience)).IsSuccess);
        }

        for (var i = 0; i < 300; i++)
        {
            var message = await MqttTestHost.NextAsync(messages);
            Assert.Equal("m" + i, message.ConvertPayloadToString());
            Assert.Equal(level, message.QualityOfServiceLevel);
        }

        Assert.False(messages.TryRead(out _));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Publish_WithEveryProperty_ArrivesUnchanged()
    {
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = await host.ConnectAsync("subscriber");
        var messages = MqttTestHost.Collect(subscriber);
        await subscriber.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a/#").WithSubscriptionIdentifier(77).Build());
        var publisher = await host.ConnectAsync("publisher");

        await publisher.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic("a/b").WithPayload([1, 2, 3]).WithContentType("text/x").WithResponseTopic("r/t").WithCorrelationData(new byte[] { 9, 8 })
            .WithMessageExpiryInterval(1000).WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithUserProperty("k", new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes("v1"))).WithUserProperty("k", new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes("v2")))
            .Build());

        var message = await MqttTestHost.NextAsync(messages);
        Assert.Equal([1, 2, 3], message.Payload.First.ToArray());
        Assert.Equal("text/x", message.ContentType);
        Assert.Equal("r/t", message.ResponseTopic);
        Assert.Equal([9, 8], message.CorrelationData!);
        Assert.InRange(message.MessageExpiryInterval, 990u, 1000u);
        Assert.Equal(MqttPayloadFormatIndicator.CharacterData, message.PayloadFormatIndicator);
        Assert.Equal(["v1", "v2"], message.UserProperties!.Select(p => p.ReadValueAsString()));
        Assert.Equal([77u], message.SubscriptionIdentifiers!);
    }

    [Fact]
    public async Task InterceptingPublish_SlowHandlers_OverlapAndAcknowledgeInOrder()
    {
        await using var host = await MqttTestHost.StartAsync();
        var started = new List<string>();
        var gates = Enumerable.Range(0, 100).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        host.Server.InterceptingPublishAsync += async e =>
        {
            int index;
            lock (started)
            {
                index = started.Count;
                started.Add(e.ApplicationMessage.ConvertPayloadToString()!);
            }

            await gates[index].Task;
        };
        var publisher = await host.ConnectAsync("publisher");
        var publishes = Enumerable.Range(0, 100).Select(i => publisher.PublishStringAsync("t", "m" + i, MqttQualityOfServiceLevel.AtLeastOnce)).ToArray();

        await WaitUntilAsync(() => started.Count == 100);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => "m" + i), started);
        for (var i = 99; i > 0; i--)
        {
            gates[i].SetResult();
        }

        await publisher.PingAsync();
        Assert.All(publishes, p => Assert.False(p.IsCompleted));
        gates[0].SetResult();
        await Task.WhenAll(publishes).WaitAsync(MqttTestHost.Patience);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task InterceptingPublish_MoreThanReceiveMaximum311_AllAcknowledged()
    {
        await using var host = await MqttTestHost.StartAsync();
        var inHandlers = 0;
        var peak = 0;
        host.Server.InterceptingPublishAsync += async _ =>
        {
            var now = Interlocked.Increment(ref inHandlers);
            peak = Math.Max(peak, now);
            await Task.Delay(5);
            Interlocked.Decrement(ref inHandlers);
        };
        var publisher = await host.ConnectAsync("publisher", MqttProtocolVersion.V311);
        var publishes = Enumerable.Range(0, 2000).Select(i => publisher.PublishStringAsync("t", "m" + i, MqttQualityOfServiceLevel.AtLeastOnce)).ToArray();

        await Task.WhenAll(publishes).WaitAsync(MqttTestHost.Patience);

        Assert.InRange(peak, 2, 320);
    }

    [Fact]
    public async Task InterceptingPublish_Refused_PublisherSeesReason()
    {
        await using var host = await MqttTestHost.StartAsync();
        host.Server.InterceptingPublishAsync += e =>
        {
            e.ProcessPublish = false;
            e.Response.ReasonCode = MqttPubAckReasonCode.PayloadFormatInvalid;
            e.Response.ReasonString = "too long";
            return Task.CompletedTask;
        };
        var subscriber = await host.ConnectAsync("subscriber");
        var messages = MqttTestHost.Collect(subscriber);
        await subscriber.SubscribeAsync("t");
        var publisher = await host.ConnectAsync("publisher");

        var one = await publisher.PublishStringAsync("t", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        var two = await publisher.PublishStringAsync("t", "x", MqttQualityOfServiceLevel.ExactlyOnce);

        Assert.All([one, two], r => Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, r.ReasonCode));
        Assert.Equal("too long", one.ReasonString);
        await subscriber.PingAsync();
        Assert.False(messages.TryRead(out _));
    }

    [Fact]
    public async Task InterceptingPublish_HandlerThrows_NotAcknowledgedAsAccepted()
    {
        await using var host = await MqttTestHost.StartAsync();
        host.Server.InterceptingPublishAsync += _ => throw new InvalidOperationException("disk full");
        var v5 = await host.ConnectAsync("v5");
        var v3 = await host.ConnectAsync("v3", MqttProtocolVersion.V311);

        var result = await v5.PublishStringAsync("t", "x", MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.Equal(MqttClientPublishReasonCode.ImplementationSpecificError, result.ReasonCode);
        await Assert.ThrowsAnyAsync<MQTTnet.Exceptions.MqttCommunicationException>(
            () => v3.PublishStringAsync("t", "x", MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(MqttTestHost.Patience));
    }

    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(MqttTestHost.Patience);
        while (!condition())
        {
            await Task.Delay(5, timeout.Token);
        }
    }
}
