using System.Buffers;
using System.Collections.Concurrent;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgStream.Functional.Tests.Ingest;

/// <summary>The embedded broker over a real TCP socket, with MQTT 3.1.1 and 5.0.</summary>
public sealed class MqttIngestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Publish_Chunks_AreJournaledBeforeThePubAck(MqttProtocolVersion version)
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await ConnectAsync(daemon, "dev-1", version);
        for (var i = 0; i < 20; i++)
        {
            var answer = await client.PublishAsync(Message("dev-1", TestChunks.Make("dev-1", (ulong)i)), Cancellation);
            Assert.True(answer.IsSuccess, answer.ReasonString);
        }

        var status = await new Protocol.V1.Monitor.MonitorClient(daemon.Channel).GetPipelineAsync(new GetPipelineRequest(), cancellationToken: Cancellation);
        Assert.Equal(20UL, status.Journaled);
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task Publish_BadChunks_AreRefusedByReasonCodeAndOnTheRefusalsTopic()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await ConnectAsync(daemon, "dev-bad", MqttProtocolVersion.V500);
        var refusals = new BlockingCollection<ChunkAck>();
        client.ApplicationMessageReceivedAsync += received =>
        {
            refusals.Add(ChunkAck.Parser.ParseFrom(received.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await client.SubscribeAsync("ecg/v1/ward/dev-bad/refusals", MqttQualityOfServiceLevel.AtLeastOnce, Cancellation);
        foreach (var (name, chunk, reason) in TestChunks.Bad("dev-bad"))
        {
            var answer = await client.PublishAsync(Message("dev-bad", chunk), Cancellation);
            Assert.True(!answer.IsSuccess, name);
            Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, answer.ReasonCode);
            Assert.True(refusals.TryTake(out var told, Waiting.Patience), name);
            Assert.Equal(reason, told.Refusal.Reason);
        }

        var good = await client.PublishAsync(Message("dev-bad", TestChunks.Make("dev-bad", 1)), Cancellation);
        Assert.True(good.IsSuccess);
    }

    [Fact]
    public async Task Publish_ToAnotherDevicesTopic_IsRefused()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await ConnectAsync(daemon, "dev-1", MqttProtocolVersion.V500);
        var answer = await client.PublishAsync(Message("dev-2", TestChunks.Make("dev-1", 0)), Cancellation);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, answer.ReasonCode);
    }

    [Fact]
    public async Task Publish_ToTheDaemonsOwnTopics_IsRefused()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await ConnectAsync(daemon, "dev-1", MqttProtocolVersion.V500);
        var message = new MqttApplicationMessageBuilder().WithTopic("ecg/v1/ward/dev-1/alarms").WithPayload("x")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await client.PublishAsync(message, Cancellation)).ReasonCode);
    }

    [Fact]
    public async Task Publish_SecondClientOnOneSession_IsRefusedUntilTheFirstHasGone()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var first = await ConnectAsync(daemon, "one", MqttProtocolVersion.V500);
        using var second = await ConnectAsync(daemon, "two", MqttProtocolVersion.V500);
        Assert.True((await first.PublishAsync(Message("dev-1", TestChunks.Make("dev-1", 0)), Cancellation)).IsSuccess);
        var refused = await second.PublishAsync(Message("dev-1", TestChunks.Make("dev-1", 1)), Cancellation);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, refused.ReasonCode);
        Assert.True((await first.PublishAsync(Message("dev-1", TestChunks.Make("dev-1", 1)), Cancellation)).IsSuccess);

        await first.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), Cancellation);
        await Waiting.UntilAsync(
            async () => (await second.PublishAsync(Message("dev-1", TestChunks.Make("dev-1", 2)), Cancellation)).IsSuccess,
            "the first client's session to be free", Cancellation);
    }

    private static MqttApplicationMessage Message(string topicDevice, SampleChunk chunk) => new MqttApplicationMessageBuilder()
        .WithTopic($"ecg/v1/ward/{topicDevice}/samples")
        .WithPayload(chunk.ToByteArray())
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();

    private static async Task<IMqttClient> ConnectAsync(TestDaemon daemon, string clientId, MqttProtocolVersion version)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", daemon.MqttPort).WithClientId(clientId).WithProtocolVersion(version).Build(),
            Cancellation);
        return client;
    }
}
