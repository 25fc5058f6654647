using EcgStream.Core.Signals;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// The broker inside the daemon. A publish to a samples topic goes to the gateway and to nobody else (<see cref="SampleChannel"/>); its PUBACK or
/// PUBREC leaves after the journal's commit, with a reason where the chunk was refused (MQTT 5), and the refusal is published beside it (3.1.1 too).
/// </summary>
internal sealed class EmbeddedBroker : IHostedService, IMqttOutlet, IAsyncDisposable
{
    /// <summary>Client id of the daemon's own publishes; no device may connect with it.</summary>
    private const string OwnClientId = "ecgstreamd";

    /// <summary>Messages that wait for one client; beyond them the oldest is lost (counted).</summary>
    private const int MostPending = 1000;

    private readonly IngestGateway _gateway;
    private readonly MqttIngestOptions _options;
    private readonly ILogger<EmbeddedBroker> _log;
    private readonly MqttServer _server;
    private readonly MqttSources _sources = new();
    private readonly BrokerMetrics _metrics;
    private readonly MqttRefusalLog _refusals;
    private readonly IHostApplicationLifetime _lifetime;

    public EmbeddedBroker(
        IngestGateway gateway, MqttConnections connections, IOptions<MqttIngestOptions> options, BrokerMetrics metrics, MqttRefusalLog refusals,
        IHostApplicationLifetime lifetime, ILogger<EmbeddedBroker> log)
    {
        _metrics = metrics;
        _gateway = gateway;
        _refusals = refusals;
        _lifetime = lifetime;
        _options = options.Value;
        _log = log;
        var server = new MqttServerOptionsBuilder()
            .WithDefaultCommunicationTimeout(_options.ConnectTimeout)
            .WithPersistentSessions(_options.PersistentSessions)
            .WithMaxPendingMessagesPerClient(MostPending)
            .Build();
        _server = new MqttServerFactory().CreateMqttServer(server, [connections]);
        _server.ValidatingConnectionAsync += OnConnecting;
        _server.ClientConnectedAsync += OnConnected;
        _server.ClientDisconnectedAsync += OnDisconnected;
        _server.InterceptingPublishAsync += OnPublish;
        _server.InterceptingSubscriptionAsync += OnSubscribing;
        _server.ApplicationMessageEnqueuedOrDroppedAsync += OnQueued;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync();
        _lifetime.ApplicationStarted.Register(() => MqttLog.BrokerListening(_log, _options.BindAddress, _options.Port));
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

    /// <summary>The way of a connection's samples; its publishes come from the client's one source.</summary>
    public SampleFlow OpenFlow(string clientId, SampleChannel channel) => new(_gateway, _sources.Of(clientId), channel, this, _options.ReceiveMaximum);

    /// <summary>Publishes a refusal beside the acknowledgement, which says nothing in MQTT 3.1.1, and logs it.</summary>
    public async ValueTask TellRefusalAsync(MqttPendingPublish answered, ChunkRefusal refusal)
    {
        _metrics.PublishRefused(MqttRefusals.ToReasonCode(refusal.Reason));
        _refusals.Refused(answered.Device, refusal);
        if (refusal.Reason != RefusalReason.Storage)
        {
            await PublishAsync(MqttRefusals.ToMessage(answered.Chunk, refusal, answered.Site, answered.Device), CancellationToken.None);
        }
    }

    public void CountRetained() => _metrics.Retained();

    public void CountTooLargeForClient() => _metrics.Dropped();

    public void CountCut(string reason) => _metrics.Cut(reason);

    public async ValueTask<MqttAnswer> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation)
    {
        if (!_server.IsStarted)
        {
            return MqttAnswer.NotNow;
        }

        await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = OwnClientId }, cancellation);
        return MqttAnswer.Taken;
    }

    /// <summary>
    /// Lets go of the sessions whose clients have left for too long; a client that comes back finds none.
    /// </summary>
    public async Task ForgetSessionsAsync(LeftSessions left)
    {
        if (!_server.IsStarted)
        {
            return;
        }

        var connected = (await _server.GetClientsAsync()).Select(client => client.Id).ToHashSet(StringComparer.Ordinal);
        var sessions = (await _server.GetSessionsAsync()).ToDictionary(session => session.Id, StringComparer.Ordinal);
        var overdue = left.Overdue(sessions.Values.Select(
            session => (session.Id, TimeSpan.FromSeconds(session.ExpiryInterval), connected.Contains(session.Id))));
        foreach (var id in overdue)
        {
            await sessions[id].DeleteAsync();
        }
    }

    /// <summary>Sessions that are kept, of clients that are connected and of those that have left.</summary>
    public async Task<int> CountSessionsAsync() => (await _server.GetSessionsAsync()).Count;

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

    private Task OnPublish(InterceptingPublishEventArgs publish)
    {
        if (!MqttTopics.TryParseSamples(publish.ApplicationMessage.Topic, out _, out _))
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

            return Task.CompletedTask;
        }

        // A last will. What is published by a client itself has gone to the gateway before it comes here.
        publish.ProcessPublish = false;
        publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
        _metrics.PublishRefused(publish.Response.ReasonCode);
        return Task.CompletedTask;
    }
}
