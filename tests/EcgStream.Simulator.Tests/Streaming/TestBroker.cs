using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>A broker on a real socket that journals what is published to samples topics.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly MqttServer _server;

    private TestBroker(MqttServer server, int port)
    {
        _server = server;
        Endpoint = new StreamEndpoint(StreamTransport.Mqtt, "127.0.0.1", port);
        server.InterceptingPublishAsync += OnPublishAsync;
    }

    public StreamEndpoint Endpoint { get; }

    public IngestBehaviour Behaviour { get; } = new();

    public ConcurrentQueue<string> Topics { get; } = new();

    /// <summary>What the broker does with a refused chunk: answers with a reason, tells it on the refusals topic, or both.</summary>
    public bool RefusesInAnswer { get; set; } = true;

    public bool RefusesOnTopic { get; set; } = true;

    /// <summary>Drops the connection instead of answering this publish.</summary>
    public Func<SampleChunk, bool> Drop { get; set; } = _ => false;

    public static async Task<TestBroker> StartAsync()
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(port)
            .Build();
        var broker = new TestBroker(new MqttServerFactory().CreateMqttServer(options), port);
        await broker._server.StartAsync();
        return broker;
    }

    /// <summary>Clients that are connected now.</summary>
    public async Task<int> ConnectionsAsync() => (await _server.GetClientsAsync()).Count;

    /// <summary>Ends when a client has gone, from now on.</summary>
    public Task NextGoneAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.ClientDisconnectedAsync += _ =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        return gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        _server.Dispose();
    }

    private async Task OnPublishAsync(InterceptingPublishEventArgs publish)
    {
        var topic = publish.ApplicationMessage.Topic;
        if (!topic.EndsWith("/samples", StringComparison.Ordinal))
        {
            return;
        }

        Topics.Enqueue(topic);
        publish.ProcessPublish = false;
        var chunk = SampleChunk.Parser.ParseFrom(publish.ApplicationMessage.Payload);
        if (Drop(chunk))
        {
            // Cut before the answer; the handler's token says when the connection is gone.
            publish.CloseConnection = true;
            _ = _server.DisconnectClientAsync(publish.ClientId);
            await Task.Delay(Timeout.InfiniteTimeSpan, publish.CancellationToken);
            return;
        }

        var ack = Behaviour.Take(chunk);
        if (ack.Status != AckStatus.Refused)
        {
            return;
        }

        if (ack.Refusal.Reason == RefusalReason.Storage)
        {
            publish.CloseConnection = true;
            return;
        }

        if (RefusesInAnswer)
        {
            publish.Response.ReasonCode = ack.Refusal.Reason switch
            {
                RefusalReason.SecondWriter => MqttPubAckReasonCode.NotAuthorized,
                RefusalReason.Overloaded or RefusalReason.TooManyDevices => MqttPubAckReasonCode.QuotaExceeded,
                _ => MqttPubAckReasonCode.PayloadFormatInvalid,
            };
            publish.Response.ReasonString = ack.Refusal.Message;
        }

        if (RefusesOnTopic)
        {
            await TellAsync(topic, ack);
        }
    }

    /// <summary>Refuses a chunk that has been answered, as a daemon behind an external broker does.</summary>
    public Task RefuseLateAsync(SampleChunk chunk, RefusalReason reason) => TellAsync(Topics.First(), new ChunkAck
    {
        DeviceId = chunk.DeviceId,
        SessionId = chunk.SessionId,
        Sequence = chunk.Sequence,
        Status = AckStatus.Refused,
        Refusal = new Refusal { Reason = reason, Message = "refused late by the test" },
    });

    /// <summary>Something on the device's refusals topic that is no refusal, as anybody may publish at an external broker.</summary>
    public Task TellNonsenseAsync(string device) => _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(
        new MqttApplicationMessageBuilder().WithTopic($"ecg/v1/main/{device}/refusals").WithPayload("{\"status\":\"refused\"}").Build()) { SenderClientId = "test" });

    private async Task TellAsync(string samplesTopic, ChunkAck ack)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(samplesTopic.Replace("/samples", "/refusals", StringComparison.Ordinal))
            .WithPayload(ack.ToByteArray())
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
        await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = "test" });
    }
}
