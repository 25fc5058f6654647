using System.Net;
using System.Net.Sockets;
using EcgStream.Core.Signals;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// The broker inside the daemon. A publish to a samples topic goes to the gateway and to nobody else; its PUBACK leaves after the
/// journal's commit, with a reason where the chunk was refused (MQTT 5), and the refusal is published beside it (3.1.1 too).
/// </summary>
internal sealed class EmbeddedBroker : IHostedService, IMqttOutlet, IAsyncDisposable
{
    /// <summary>Client id of the daemon's own publishes; no device may connect with it.</summary>
    private const string OwnClientId = "ecgstreamd";

    private readonly IngestGateway _gateway;
    private readonly MqttIngestOptions _options;
    private readonly ILogger<EmbeddedBroker> _log;
    private readonly MqttServer _server;
    private readonly MqttSources _sources = new();
    private readonly BrokerMetrics _metrics;

    public EmbeddedBroker(IngestGateway gateway, IOptions<MqttIngestOptions> options, BrokerMetrics metrics, ILogger<EmbeddedBroker> log)
    {
        _metrics = metrics;
        _gateway = gateway;
        _options = options.Value;
        _log = log;
        _server = new MqttServerFactory().CreateMqttServer(ServerOptions(_options));
        _server.ValidatingConnectionAsync += OnConnecting;
        _server.ClientConnectedAsync += OnConnected;
        _server.ClientDisconnectedAsync += OnDisconnected;
        _server.InterceptingPublishAsync += OnPublishAsync;
        _server.InterceptingSubscriptionAsync += OnSubscribing;
        _server.ApplicationMessageEnqueuedOrDroppedAsync += OnQueued;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync();
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or SocketException)
        {
            throw new IOException($"{MqttIngestOptions.SectionName}:Port: cannot listen on {_options.BindAddress}:{_options.Port}: {fault.Message}", fault);
        }

        MqttLog.BrokerListening(_log, _options.BindAddress, _options.Port);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server.IsStarted)
        {
            await _server.StopAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MqttServerOptions ServerOptions(MqttIngestOptions options)
    {
        var (four, six) = options.BindAddress switch
        {
            "localhost" => (IPAddress.Loopback, OrNone(IPAddress.IPv6Loopback)),
            "*" => (IPAddress.Any, OrNone(IPAddress.IPv6Any)),
            var address when IPAddress.Parse(address) is { AddressFamily: AddressFamily.InterNetworkV6 } only => (IPAddress.None, only),
            var address => (IPAddress.Parse(address), IPAddress.None),
        };
        return new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointPort(options.Port)
            .WithDefaultEndpointBoundIPAddress(four)
            .WithDefaultEndpointBoundIPV6Address(six)
            .WithConnectionBacklog(1024)
            .WithDefaultCommunicationTimeout(options.ConnectTimeout)
            .WithPersistentSessions(options.PersistentSessions)
            .WithKeepAlive() // by TCP: finds vanished clients of MQTT 3.1.1 that asked for no keep-alive, within 60 + 3 * 10 s
            .WithTcpKeepAliveTime(60)
            .WithTcpKeepAliveInterval(10)
            .WithTcpKeepAliveRetryCount(3)
            .Build();
    }

    /// <summary>None, which MQTTnet does not listen on, where the machine has no IPv6: it would not start.</summary>
    private static IPAddress OrNone(IPAddress six)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(six, 0));
            return six;
        }
        catch (SocketException)
        {
            return IPAddress.None;
        }
    }

    public async ValueTask<bool> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation)
    {
        if (!_server.IsStarted)
        {
            return false;
        }

        await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = OwnClientId }, cancellation);
        return true;
    }

    private Task OnConnecting(ValidatingConnectionEventArgs connection)
    {
        if (connection.ClientId == OwnClientId)
        {
            connection.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            connection.ReasonString = $"Client id '{OwnClientId}' is the daemon's own.";
        }
        else if (_metrics.Connections >= _options.MaxConnections)
        {
            connection.ReasonCode = MqttConnectReasonCode.ServerBusy;
            connection.ReasonString = $"{_options.MaxConnections} clients are connected, the limit; try again later.";
        }

        if (connection.ReasonCode != MqttConnectReasonCode.Success)
        {
            _metrics.ConnectRefused(connection.ReasonCode);
        }

        return Task.CompletedTask;
    }

    private Task OnConnected(ClientConnectedEventArgs client)
    {
        _metrics.Connected();
        _sources.Connected(client.ClientId);
        return Task.CompletedTask;
    }

    private Task OnDisconnected(ClientDisconnectedEventArgs client)
    {
        _metrics.Disconnected(client.DisconnectType, client.ReasonCode);
        _sources.Disconnected(client.ClientId);
        return Task.CompletedTask;
    }

    private Task OnSubscribing(InterceptingSubscriptionEventArgs subscription)
    {
        if (IsRefused(subscription.TopicFilter.Topic))
        {
            // Not "not authorized": MQTT 3.1.1 knows only 0x80, and in MQTT 5.0 it says no more than that.
            subscription.Response.ReasonCode = MqttSubscribeReasonCode.UnspecifiedError;
            subscription.ProcessSubscription = false;
            _metrics.SubscriptionRefused();
        }

        return Task.CompletedTask;
    }

    private bool IsRefused(string filter)
    {
        if (filter.StartsWith("$share/", StringComparison.Ordinal) && filter.IndexOf('/', "$share/".Length) is > 0 and var end)
        {
            filter = filter[(end + 1)..];
        }

        foreach (var refused in _options.RefusedSubscriptions)
        {
            if (filter == refused || (refused.EndsWith("/#", StringComparison.Ordinal) && filter.StartsWith(refused[..^1], StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private Task OnQueued(ApplicationMessageEnqueuedEventArgs message)
    {
        if (message.IsDropped)
        {
            _metrics.Dropped();
        }

        return Task.CompletedTask;
    }

    private async Task OnPublishAsync(InterceptingPublishEventArgs publish)
    {
        if (!MqttTopics.TryParseSamples(publish.ApplicationMessage.Topic, out var site, out var device))
        {
            if (publish.ApplicationMessage.Topic.StartsWith("ecg/", StringComparison.Ordinal) && publish.ClientId != OwnClientId)
            {
                publish.ProcessPublish = false;
                publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
                publish.Response.ReasonString = "Only the daemon publishes here; devices publish to ecg/v1/{site}/{device}/samples.";
                _metrics.PublishRefused(publish.Response.ReasonCode);
            }
            else if (!_options.RelayOtherTopics && publish.ClientId != OwnClientId)
            {
                publish.ProcessPublish = false;
                publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
                publish.Response.ReasonString = "This broker relays no topics of its clients (Ingest:Mqtt:RelayOtherTopics is false).";
                _metrics.PublishRefused(publish.Response.ReasonCode);
            }

            return;
        }

        publish.ProcessPublish = false;
        var source = _sources.Of(publish.ClientId);
        var pending = new MqttPendingPublish();
        await _gateway.SubmitAsync(source, publish.ApplicationMessage.Payload, device, pending, publish.CancellationToken);
        await pending.Answered;
        if (pending.Refusal is { Reason: RefusalReason.Storage })
        {
            // Without an acknowledgement the device keeps the chunk, also in MQTT 3.1.1, whose PUBACK cannot refuse.
            publish.CloseConnection = true;
        }
        else if (pending.Refusal is { } refusal)
        {
            publish.Response.ReasonCode = MqttRefusals.ToReasonCode(refusal.Reason);
            publish.Response.ReasonString = refusal.Message;
            _metrics.PublishRefused(publish.Response.ReasonCode);
            await PublishAsync(MqttRefusals.ToMessage(pending.Chunk, refusal, site, device), publish.CancellationToken);
        }
    }
}
