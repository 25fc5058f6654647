using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Internal;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>The client that the factory hands out: its state, its events, and the requests that a <see cref="MqttClientConnection"/> carries.</summary>
internal sealed class MqttClient(IMqttNetLogger logger, TimeProvider? clock = null) : IMqttClient
{
    private const int Disconnected = 0;
    private const int Busy = 1;
    private const int Connected = 2;

    private readonly MqttAsyncEvent<MqttApplicationMessageReceivedEventArgs> _received = new();
    private readonly MqttAsyncEvent<MqttClientConnectedEventArgs> _connected = new();
    private readonly MqttAsyncEvent<MqttClientConnectingEventArgs> _connecting = new();
    private readonly MqttAsyncEvent<MqttClientDisconnectedEventArgs> _disconnected = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    // Publishes of QoS 2 that were taken and not yet released; they outlive the connection as the server's session does.
    private readonly HashSet<ushort> _takenQoS2 = [];
    private MqttClientConnection? _connection;
    private int _state;
    private bool _isDisposed;

    public event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync
    {
        add => _received.Add(value);
        remove => _received.Remove(value);
    }

    public event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync
    {
        add => _connected.Add(value);
        remove => _connected.Remove(value);
    }

    public event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync
    {
        add => _connecting.Add(value);
        remove => _connecting.Remove(value);
    }

    public event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync
    {
        add => _disconnected.Add(value);
        remove => _disconnected.Remove(value);
    }

    public bool IsConnected => Volatile.Read(ref _state) == Connected;

    public MqttClientOptions? Options { get; private set; }

    public async Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.ChannelOptions);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        MqttClientOptionsValidator.ThrowIfNotSupported(options);
        if (Interlocked.CompareExchange(ref _state, Busy, Disconnected) != Disconnected)
        {
            throw new InvalidOperationException("The client is connected, or a connect or disconnect is under way.");
        }

        Options = options;
        MqttClientConnectResult? result = null;
        try
        {
            await _connecting.InvokeAsync(new MqttClientConnectingEventArgs(options)).ConfigureAwait(false);
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!cancellationToken.CanBeCanceled)
            {
                timeout.CancelAfter(options.Timeout);
            }

            var connection = await OpenAsync(options, timeout.Token).ConfigureAwait(false);
            _connection = connection;
            result = connection.ConnectResult;
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                await connection.AbandonAsync().ConfigureAwait(false);
                Volatile.Write(ref _state, Disconnected);
                await RaiseDisconnectedAsync(false, result, (MqttClientDisconnectReason)result.ResultCode, result.ReasonString, result.UserProperties, null).ConfigureAwait(false);
                return result;
            }

            if (!result.IsSessionPresent)
            {
                lock (_takenQoS2)
                {
                    _takenQoS2.Clear();
                }
            }

            Volatile.Write(ref _state, Connected);
            connection.Start();
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _state, Disconnected);
            var failure = exception as MqttCommunicationException
                ?? (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
                    ? new MqttCommunicationTimedOutException(exception)
                    : exception is OperationCanceledException ? exception : new MqttCommunicationException("Connecting with the MQTT server failed: " + exception.Message, exception));
            await RaiseDisconnectedAsync(false, result, MqttClientDisconnectReason.UnspecifiedError, null, null, failure).ConfigureAwait(false);
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }

        await RaiseAsync(_connected, new MqttClientConnectedEventArgs(result)).ConfigureAwait(false);
        return result;
    }

    public async Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var connection = RequireConnection();
        var packet = new MqttDisconnectPacket { ReasonCode = (byte)options.Reason };
        if (connection.IsV5 && (options.ReasonString is not null || options.SessionExpiryInterval > 0 || options.UserProperties is { Count: > 0 }))
        {
            packet.Properties = new MqttProperties
            {
                ReasonString = options.ReasonString,
                SessionExpiryInterval = options.SessionExpiryInterval > 0 ? options.SessionExpiryInterval : null,
                UserProperties = options.UserProperties,
            };
        }

        connection.End((MqttClientDisconnectReason)options.Reason, options.ReasonString, options.UserProperties, null, packet);
        await connection.Finished.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task PingAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return RequireConnection().PingAsync(cancellationToken);
    }

    public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(applicationMessage);
        cancellationToken.ThrowIfCancellationRequested();
        var connection = RequireConnection();
        if (string.IsNullOrEmpty(applicationMessage.Topic) ? applicationMessage.TopicAlias == 0 : !MqttTopicRules.IsValidName(applicationMessage.Topic.AsSpan()))
        {
            throw new MqttProtocolViolationException("The topic of a message must be set (or an alias for it) and hold no wildcard.");
        }

        MqttClientOptionsValidator.ThrowIfNotSupported(applicationMessage, Options!.ProtocolVersion);
        return connection.PublishAsync(applicationMessage, cancellationToken);
    }

    public async Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TopicFilters.Count == 0 || options.TopicFilters.Any(f => !MqttTopicRules.IsValidFilter(f.Topic)))
        {
            throw new MqttProtocolViolationException("A subscribe needs topic filters, and each must be valid.");
        }

        var connection = RequireConnection();
        if (!connection.IsV5)
        {
            MqttClientOptionsValidator.ThrowIf(options.SubscriptionIdentifier > 0, nameof(options.SubscriptionIdentifier));
            MqttClientOptionsValidator.ThrowIf(options.UserProperties is { Count: > 0 }, nameof(options.UserProperties));
            MqttClientOptionsValidator.ThrowIf(options.TopicFilters.Any(f => f.NoLocal || f.RetainAsPublished || f.RetainHandling != 0), "A subscription option");
        }

        var packet = new MqttSubscribePacket { TopicFilters = options.TopicFilters };
        if (options.SubscriptionIdentifier > 0 || options.UserProperties is { Count: > 0 })
        {
            packet.Properties = new MqttProperties
            {
                SubscriptionIdentifiers = options.SubscriptionIdentifier > 0 ? [options.SubscriptionIdentifier] : null,
                UserProperties = options.UserProperties,
            };
        }

        var answer = await connection.RequestAsync(id => packet.PacketIdentifier = id, packet, cancellationToken).ConfigureAwait(false);
        if (answer.Codes.Length != options.TopicFilters.Count)
        {
            throw new MqttProtocolViolationException("The server answered another number of topic filters than it was asked for.");
        }

        var items = options.TopicFilters.Select((f, i) => new MqttClientSubscribeResultItem(f, (MqttClientSubscribeResultCode)answer.Codes[i])).ToList();
        return new MqttClientSubscribeResult(answer.PacketIdentifier, items, answer.Properties?.ReasonString, answer.Properties?.UserProperties ?? []);
    }

    public async Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TopicFilters.Count == 0 || options.TopicFilters.Any(f => !MqttTopicRules.IsValidFilter(f)))
        {
            throw new MqttProtocolViolationException("An unsubscribe needs topic filters, and each must be valid.");
        }

        var connection = RequireConnection();
        var packet = new MqttUnsubscribePacket { TopicFilters = options.TopicFilters };
        if (options.UserProperties is { Count: > 0 })
        {
            MqttClientOptionsValidator.ThrowIf(!connection.IsV5, nameof(options.UserProperties));
            packet.Properties = new MqttProperties { UserProperties = options.UserProperties };
        }

        var answer = await connection.RequestAsync(id => packet.PacketIdentifier = id, packet, cancellationToken).ConfigureAwait(false);
        var items = options.TopicFilters
            .Select((f, i) => new MqttClientUnsubscribeResultItem(f, i < answer.Codes.Length ? (MqttClientUnsubscribeResultCode)answer.Codes[i] : MqttClientUnsubscribeResultCode.Success))
            .ToList();
        return new MqttClientUnsubscribeResult(answer.PacketIdentifier, items, answer.Properties?.ReasonString, answer.Properties?.UserProperties ?? []);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _connection?.End(MqttClientDisconnectReason.UnspecifiedError, null, null, null, null);
    }

    internal Task OnReceivedAsync(MqttApplicationMessageReceivedEventArgs args) => _received.InvokeAsync(args);

    internal async Task OnEndedAsync(MqttClientConnection connection, MqttClientDisconnectedEventArgs args)
    {
        Volatile.Write(ref _state, Disconnected);
        Log(MqttNetLogLevel.Info, "Disconnected.", args.Exception);
        await RaiseAsync(_disconnected, args).ConfigureAwait(false);
    }

    internal void Log(MqttNetLogLevel level, string message, Exception? exception)
    {
        if (logger.IsEnabled)
        {
            logger.Publish(level, nameof(MqttClient), message, null, exception);
        }
    }

    private async Task<MqttClientConnection> OpenAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        var transport = await MqttClientDialer.DialAsync(options, cancellationToken).ConfigureAwait(false);
        var connection = new MqttClientConnection(this, options, transport, _takenQoS2, _clock);
        try
        {
            await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception)
        {
            await connection.AbandonAsync().ConfigureAwait(false);
            throw new MqttConnectingFailedException("The handshake failed: " + exception.Message, exception);
        }
    }

    private MqttClientConnection RequireConnection()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return IsConnected && _connection is { } connection ? connection : throw new MqttClientNotConnectedException();
    }

    private Task RaiseDisconnectedAsync(
        bool wasConnected, MqttClientConnectResult? result, MqttClientDisconnectReason reason, string? text, List<MqttUserProperty>? properties, Exception? exception) =>
        RaiseAsync(_disconnected, new MqttClientDisconnectedEventArgs(wasConnected, result, reason, text, properties, exception));

    private async Task RaiseAsync<TEventArgs>(MqttAsyncEvent<TEventArgs> @event, TEventArgs args)
    {
        try
        {
            await @event.InvokeAsync(args).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log(MqttNetLogLevel.Error, $"A handler for {typeof(TEventArgs).Name} failed.", exception);
        }
    }
}
