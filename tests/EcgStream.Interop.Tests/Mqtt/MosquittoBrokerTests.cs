using System.Collections.Concurrent;
using System.Globalization;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.Interop.Tests.Mqtt;

/// <summary>Our client against mosquitto's broker.</summary>
public sealed class MosquittoBrokerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _configuration = Path.GetTempFileName();
    private readonly int _port = PeerProcess.FreePort();
    private PeerProcess? _broker;

    public async ValueTask InitializeAsync()
    {
        var mosquitto = PeerProcess.Require("mosquitto", "mosquitto");
        await File.WriteAllTextAsync(
            _configuration, string.Create(CultureInfo.InvariantCulture, $"listener {_port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_topic_alias 10\n"));
        _broker = PeerProcess.Start(mosquitto, "-c", _configuration);
        await PeerProcess.WaitForPortAsync(_port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        File.Delete(_configuration);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, MqttQualityOfServiceLevel.AtMostOnce)]
    [InlineData(MqttProtocolVersion.V311, MqttQualityOfServiceLevel.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V311, MqttQualityOfServiceLevel.ExactlyOnce)]
    [InlineData(MqttProtocolVersion.V500, MqttQualityOfServiceLevel.AtMostOnce)]
    [InlineData(MqttProtocolVersion.V500, MqttQualityOfServiceLevel.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V500, MqttQualityOfServiceLevel.ExactlyOnce)]
    public async Task PublishSubscribe_ManyInFlight_AllArriveInOrder(MqttProtocolVersion version, MqttQualityOfServiceLevel level)
    {
        using var subscriber = new MqttClientFactory().CreateMqttClient();
        var received = Collect(subscriber);
        await subscriber.ConnectAsync(Options("sub", version).Build());
        await subscriber.SubscribeAsync("t/#", level);
        using var publisher = new MqttClientFactory().CreateMqttClient();
        await publisher.ConnectAsync(Options("pub", version).Build());
        var payload = new byte[2444];

        // mosquitto announces a window of 20 in MQTT 5.0, and loses QoS 2 messages of MQTT 3.1.1 beyond it, from paho's client as from ours. MQTTnet's
        // client leaves it to its user to stay within; ours does.
        var burst = level == MqttQualityOfServiceLevel.ExactlyOnce ? 20 : 500;
        foreach (var indexes in Enumerable.Range(0, 500).Chunk(burst))
        {
            var publishes = indexes.Select(i => publisher.PublishAsync(new MqttApplicationMessageBuilder()
                .WithTopic("t/" + i.ToString(CultureInfo.InvariantCulture)).WithPayload(payload).WithQualityOfServiceLevel(level).Build())).ToArray();
            Assert.All(await Task.WhenAll(publishes).WaitAsync(Patience), result => Assert.True(result.IsSuccess));
        }

        var topics = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            var message = await NextAsync(received);
            Assert.Equal((2444L, level), (message.Payload.Length, message.QualityOfServiceLevel));
            topics.Add(message.Topic);
        }

        // MQTTnet's client sends PUBREL in the order in which its tasks run, not in that of PUBREC; our streams use QoS 1.
        List<string> expected = [.. Enumerable.Range(0, 500).Select(i => "t/" + i.ToString(CultureInfo.InvariantCulture))];
        if (level == MqttQualityOfServiceLevel.ExactlyOnce)
        {
            expected.Sort(StringComparer.Ordinal);
            topics.Sort(StringComparer.Ordinal);
        }

        Assert.Equal(expected, topics);

        await publisher.DisconnectAsync();
        Assert.False(publisher.IsConnected);
    }

    [Fact]
    public async Task Session_UnacknowledgedMessage_ComesAgainAfterReconnect()
    {
        MqttClientOptions Resuming() => Options("resuming", MqttProtocolVersion.V500).WithCleanStart(false).WithSessionExpiryInterval(60).Build();
        var first = new MqttClientFactory().CreateMqttClient();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        first.ApplicationMessageReceivedAsync += e =>
        {
            e.AutoAcknowledge = false;
            held.TrySetResult();
            return Task.CompletedTask;
        };
        await first.ConnectAsync(Resuming());
        await first.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        using var publisher = new MqttClientFactory().CreateMqttClient();
        await publisher.ConnectAsync(Options("pub", MqttProtocolVersion.V500).Build());
        await publisher.PublishStringAsync("t", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        await held.Task.WaitAsync(Patience);
        first.Dispose();

        using var second = new MqttClientFactory().CreateMqttClient();
        var received = Collect(second);
        var result = await second.ConnectAsync(Resuming());

        Assert.True(result.IsSessionPresent);
        var message = await NextAsync(received);
        Assert.Equal(("x", true), (message.ConvertPayloadToString(), message.Dup));
    }

    [Fact]
    public async Task Version5_PropertiesWillSharedAliasRetained_AsTheBrokerKnowsThem()
    {
        using var watcher = new MqttClientFactory().CreateMqttClient();
        var received = Collect(watcher);
        await watcher.ConnectAsync(Options("watcher", MqttProtocolVersion.V500).WithTopicAliasMaximum(5).Build());
        var answer = await watcher.SubscribeAsync(new MqttClientSubscribeOptionsBuilder()
            .WithSubscriptionIdentifier(7).WithTopicFilter("wills/#", MqttQualityOfServiceLevel.AtLeastOnce).WithTopicFilter("$share/g/work", MqttQualityOfServiceLevel.ExactlyOnce)
            .WithTopicFilter("alias/t").Build());
        Assert.All(answer.Items, i => Assert.True((int)i.ResultCode <= 2));

        using var publisher = new MqttClientFactory().CreateMqttClient();
        var connected = await publisher.ConnectAsync(Options("mortal", MqttProtocolVersion.V500)
            .WithWillTopic("wills/mortal").WithWillPayload("bye").WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithWillContentType("text/plain").Build());
        Assert.Equal(10, connected.TopicAliasMaximum);
        await publisher.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("work").WithPayload("w").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce)
            .WithUserProperty("k", new ReadOnlyMemory<byte>("v"u8.ToArray())).WithCorrelationData(new byte[] { 1, 2 }).WithMessageExpiryInterval(100).Build());
        var work = await NextAsync(received);
        Assert.Equal(("work", "v", 7u), (work.Topic, work.UserProperties![0].ReadValueAsString(), work.SubscriptionIdentifiers![0]));
        Assert.Equal([1, 2], ((ReadOnlyMemory<byte>)work.CorrelationData).ToArray());

        await publisher.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("alias/t").WithTopicAlias(4).WithPayload("1").Build());
        await publisher.PublishAsync(new MqttApplicationMessageBuilder().WithTopicAlias(4).WithPayload("2").Build());
        Assert.Equal("1", (await NextAsync(received)).ConvertPayloadToString());
        Assert.Equal(("alias/t", "2"), await NextAsync(received) is var second ? (second.Topic, second.ConvertPayloadToString()) : default);

        publisher.Dispose();
        var will = await NextAsync(received);
        Assert.Equal(("wills/mortal", "text/plain", "bye"), (will.Topic, will.ContentType, will.ConvertPayloadToString()));
    }

    private static BlockingCollection<MqttApplicationMessage> Collect(IMqttClient client)
    {
        var messages = new BlockingCollection<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += e =>
        {
            messages.Add(e.ApplicationMessage);
            return Task.CompletedTask;
        };
        return messages;
    }

    private static Task<MqttApplicationMessage> NextAsync(BlockingCollection<MqttApplicationMessage> messages) =>
        Task.Run(() => messages.TryTake(out var message, Patience) ? message : throw new TimeoutException("No message came."));

    private MqttClientOptionsBuilder Options(string id, MqttProtocolVersion version) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", _port).WithClientId(id).WithProtocolVersion(version).WithTimeout(Patience)
            .WithTlsOptions(o => o.UseTls(false));
}
