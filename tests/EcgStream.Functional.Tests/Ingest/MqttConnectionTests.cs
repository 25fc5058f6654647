using System.Net.WebSockets;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Protocol.V1;
using EcgStream.Testing;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgStream.Functional.Tests.Ingest;

/// <summary>What a connection to the embedded broker may do and may not, over real sockets.</summary>
public sealed class MqttConnectionTests
{
    private const string Topic = "ecg/v1/ward/dev-1/samples";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public async Task Publish_ManyAtOnce_AreAcknowledgedInOrder(int qos, bool five)
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw", five);
        Assert.Equal(0x20, (await client.ReceiveAsync())!.Value.Kind);
        for (ushort i = 1; i <= 200; i++)
        {
            // Each fifth is no chunk: its refusal is known at once and still has to wait for the commits before it.
            await client.PublishAsync(Topic, i % 5 == 0 ? "{\"hr\":70}"u8.ToArray() : TestChunks.Make("dev-1", i).ToByteArray(), qos, i);
        }

        for (ushort i = 1; i <= 200; i++)
        {
            var (kind, body) = (await client.ReceiveAsync())!.Value;
            Assert.Equal((qos == 1 ? 0x40 : 0x50, i), (kind, RawMqtt.Id(body)));
            Assert.Equal(five && i % 5 == 0 ? 0x99 : 0, body.Length > 2 ? body[2] : 0);
        }

        if (qos == 2)
        {
            await client.SendAsync(0x62, [0, 1]);
            Assert.Equal(0x70, (await client.ReceiveAsync())!.Value.Kind);
        }

        Assert.Equal(160, daemon.Services.GetRequiredService<IngestMetrics>().AcceptedTotal);
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task Publish_QoS0_IsJournaled()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw");
        await client.ReceiveAsync();
        for (var i = 0; i < 50; i++)
        {
            await client.PublishAsync(Topic, TestChunks.Make("dev-1", (ulong)i).ToByteArray(), 0, 0);
        }

        await client.SendAsync(0xC0, []);
        Assert.Equal(0xD0, (await client.ReceiveAsync())!.Value.Kind);
        await client.SendAsync(0xE0, []);
        Assert.Null(await client.ReceiveAsync()); // closed once everything was answered
        Assert.Equal(50UL, (await new Protocol.V1.Monitor.MonitorClient(daemon.Channel).GetPipelineAsync(new GetPipelineRequest(), cancellationToken: Cancellation)).Journaled);
    }

    [Fact]
    public async Task Publish_Retained_IsRefusedAndNotAnalysed()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw");
        await client.ReceiveAsync();

        await client.PublishAsync(Topic, TestChunks.Make("dev-1", 1).ToByteArray(), 1, 7, retain: true);

        Assert.Equal(0x83, (await client.ReceiveAsync())!.Value.Body[2]);
        Assert.Equal(0, daemon.Services.GetRequiredService<IngestMetrics>().AcceptedTotal);
    }

    [Fact]
    public async Task Packet_LongerThanAllowed_IsRefusedBeforeItIsSent()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw");
        await client.ReceiveAsync();

        await client.RawAsync([0x30, 0x80, 0x80, 0x80, 0x7F]); // 256 MiB, of which nothing follows

        var (kind, body) = (await client.ReceiveAsync())!.Value;
        Assert.Equal((0xE0, 0x95), (kind, body[0]));
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Publish_MoreThanTheReceiveMaximum_EndsTheConnection()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Ingest:Mqtt:ReceiveMaximum=5");
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw");
        await client.ReceiveAsync();
        for (ushort i = 1; i <= 6; i++)
        {
            await client.PublishAsync("other", [1], 2, i);
        }

        byte[]? last = null;
        while (await client.ReceiveAsync() is { } packet)
        {
            last = packet.Kind == 0xE0 ? packet.Body : last;
        }

        Assert.Equal(0x93, last![0]);
    }

    [Fact]
    public async Task Connect_Never_IsClosed()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Ingest:Mqtt:ConnectTimeout=00:00:01");
        using var client = await RawMqtt.OpenAsync(daemon.MqttPort);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task KeepAlive_SamplesAlone_KeepTheConnection()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw", keepAliveSeconds: 1);
        await client.ReceiveAsync();
        for (ushort i = 1; i <= 20; i++)
        {
            await client.PublishAsync(Topic, TestChunks.Make("dev-1", i).ToByteArray(), 1, i);
            Assert.Equal(0x40, (await client.ReceiveAsync())!.Value.Kind);
            await Task.Delay(200, Cancellation); // 4 s, of which 1.5 without a word would end it
        }
    }

    [Fact]
    public async Task Subscriber_ThatNeverReads_IsCutOff()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Ingest:Mqtt:SendTimeout=00:00:01");
        using var deaf = await RawMqtt.ConnectAsync(daemon.MqttPort, "deaf", receiveBuffer: 4096);
        await deaf.SubscribeAsync("flood");
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw");
        await client.ReceiveAsync();
        for (ushort i = 1; i <= 100; i++)
        {
            await client.PublishAsync("flood", new byte[256 * 1024], 1, i);
            Assert.Equal(0x40, (await client.ReceiveAsync())!.Value.Kind);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var metrics = daemon.Services.GetRequiredService<EcgStream.Daemon.Ingest.Mqtt.BrokerMetrics>();
        while (metrics.Connections > 1)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task Stop_ClientConnected_IsToldThatTheServerShutsDown()
    {
        var daemon = await TestDaemon.StartAsync();
        using var client = await RawMqtt.ConnectAsync(daemon.MqttPort, "raw");
        await client.ReceiveAsync();
        await daemon.DisposeAsync();
        Assert.Equal(0x8B, (await client.ReceiveAsync())!.Value.Body[0]);
    }

    [Fact]
    public async Task Alias_OfASamplesTopic_IsKnown()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        var connected = await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", daemon.MqttPort).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId("").Build(), Cancellation);
        Assert.StartsWith("auto-", connected.AssignedClientIdentifier, StringComparison.Ordinal);
        Assert.Equal(256, (int)connected.ReceiveMaximum!);
        for (var i = 0; i < 3; i++)
        {
            var message = new MqttApplicationMessageBuilder().WithTopicAlias(3).WithPayload(TestChunks.Make("dev-1", (ulong)i).ToByteArray())
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
            Assert.True((await client.PublishAsync((i == 0 ? message.WithTopic(Topic) : message).Build(), Cancellation)).IsSuccess);
        }

        Assert.Equal(3, daemon.Services.GetRequiredService<IngestMetrics>().AcceptedTotal);
    }

    [Fact]
    public async Task WebSocket_Publish_IsAcknowledged()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{daemon.Http.Port}/mqtt"), Cancellation);
        byte[] connect = [0x10, 13, 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, 1, (byte)'w'];
        await socket.SendAsync(connect, WebSocketMessageType.Binary, true, Cancellation);
        var answer = new byte[64];
        Assert.Equal(4, (await socket.ReceiveAsync(answer, Cancellation)).Count);
        var chunk = TestChunks.Make("dev-1", 1).ToByteArray();
        var length = 2 + Topic.Length + 2 + chunk.Length;
        byte[] publish = [0x32, (byte)(length | 0x80), (byte)(length >> 7), 0, (byte)Topic.Length, .. System.Text.Encoding.ASCII.GetBytes(Topic), 0, 9, .. chunk];

        await socket.SendAsync(publish, WebSocketMessageType.Binary, true, Cancellation);

        Assert.Equal(4, (await socket.ReceiveAsync(answer, Cancellation)).Count);
        Assert.Equal([0x40, 2, 0, 9], answer[..4]);
    }

    /// <summary>The session outlives the connection, but not for ever; on a clock of the test.</summary>
    [Fact]
    public async Task Session_OfAClientThatDoesNotComeBack_IsLetGo()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var broker = daemon.Services.GetRequiredService<EmbeddedBroker>();
        using (var client = new MqttClientFactory().CreateMqttClient())
        {
            var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", daemon.MqttPort)
                .WithClientId("display").WithProtocolVersion(MqttProtocolVersion.V500)
                .WithCleanStart(false).WithSessionExpiryInterval(3600).Build();
            await client.ConnectAsync(options, Cancellation);
            await client.SubscribeAsync("ecg/v1/+/+/alarms", MqttQualityOfServiceLevel.AtLeastOnce, Cancellation);
            await client.DisconnectAsync(cancellationToken: Cancellation);
        }

        var connections = daemon.Services.GetRequiredService<BrokerMetrics>();
        await Waiting.UntilAsync(() => connections.Connections == 0, "the client to be gone", Cancellation);
        var clock = new ManualTimeProvider();
        var left = new LeftSessions(clock);
        await broker.ForgetSessionsAsync(left);
        clock.Advance(TimeSpan.FromMinutes(59));
        await broker.ForgetSessionsAsync(left);
        Assert.Equal(1, await broker.CountSessionsAsync());
        clock.Advance(TimeSpan.FromMinutes(2));
        await broker.ForgetSessionsAsync(left);
        Assert.Equal(0, await broker.CountSessionsAsync());
    }
}
