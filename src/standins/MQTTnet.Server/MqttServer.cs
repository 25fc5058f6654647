using System.Collections;
using System.Collections.Concurrent;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Internal;
using MQTTnet.Packets;

namespace MQTTnet.Server;

/// <summary>
/// An MQTT 3.1.1 and 5.0 server. Every member may be called from any thread. Events are awaited one handler after the other; what a handler
/// throws is logged and, where it decides something, counts as a refusal.
/// </summary>
public partial class MqttServer : IDisposable
{
    private readonly List<MqttTcpListener> _listeners = [];
    private readonly MqttRetainedStore _retained;
    private CancellationTokenSource? _running;
    private Task _housekeeping = Task.CompletedTask;

    internal MqttServer(MqttServerOptions options, IMqttNetLogger logger, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxPendingMessagesPerClient);
        Options = options;
        Clock = clock ?? TimeProvider.System;
        Log = new MqttServerLog(logger);
        _retained = new MqttRetainedStore(Clock);
    }

    public event Func<ApplicationMessageEnqueuedEventArgs, Task>? ApplicationMessageEnqueuedOrDroppedAsync
    {
        add => ApplicationMessageEnqueuedOrDroppedEvent.Add(value);
        remove => ApplicationMessageEnqueuedOrDroppedEvent.Remove(value);
    }

    public event Func<ApplicationMessageNotConsumedEventArgs, Task>? ApplicationMessageNotConsumedAsync
    {
        add => ApplicationMessageNotConsumedEvent.Add(value);
        remove => ApplicationMessageNotConsumedEvent.Remove(value);
    }

    public event Func<ClientConnectedEventArgs, Task>? ClientConnectedAsync
    {
        add => ClientConnectedEvent.Add(value);
        remove => ClientConnectedEvent.Remove(value);
    }

    public event Func<ClientDisconnectedEventArgs, Task>? ClientDisconnectedAsync
    {
        add => ClientDisconnectedEvent.Add(value);
        remove => ClientDisconnectedEvent.Remove(value);
    }

    public event Func<ClientSubscribedTopicEventArgs, Task>? ClientSubscribedTopicAsync
    {
        add => ClientSubscribedTopicEvent.Add(value);
        remove => ClientSubscribedTopicEvent.Remove(value);
    }

    public event Func<ClientUnsubscribedTopicEventArgs, Task>? ClientUnsubscribedTopicAsync
    {
        add => ClientUnsubscribedTopicEvent.Add(value);
        remove => ClientUnsubscribedTopicEvent.Remove(value);
    }

    public event Func<InterceptingPublishEventArgs, Task>? InterceptingPublishAsync
    {
        add => InterceptingPublishEvent.Add(value);
        remove => InterceptingPublishEvent.Remove(value);
    }

    public event Func<InterceptingSubscriptionEventArgs, Task>? InterceptingSubscriptionAsync
    {
        add => InterceptingSubscriptionEvent.Add(value);
        remove => InterceptingSubscriptionEvent.Remove(value);
    }

    public event Func<InterceptingUnsubscriptionEventArgs, Task>? InterceptingUnsubscriptionAsync
    {
        add => InterceptingUnsubscriptionEvent.Add(value);
        remove => InterceptingUnsubscriptionEvent.Remove(value);
    }

    public event Func<LoadingRetainedMessagesEventArgs, Task>? LoadingRetainedMessageAsync
    {
        add => LoadingRetainedMessagesEvent.Add(value);
        remove => LoadingRetainedMessagesEvent.Remove(value);
    }

    public event Func<RetainedMessageChangedEventArgs, Task>? RetainedMessageChangedAsync
    {
        add => RetainedMessageChangedEvent.Add(value);
        remove => RetainedMessageChangedEvent.Remove(value);
    }

    public event Func<EventArgs, Task>? RetainedMessagesClearedAsync
    {
        add => RetainedMessagesClearedEvent.Add(value);
        remove => RetainedMessagesClearedEvent.Remove(value);
    }

    public event Func<SessionDeletedEventArgs, Task>? SessionDeletedAsync
    {
        add => SessionDeletedEvent.Add(value);
        remove => SessionDeletedEvent.Remove(value);
    }

    public event Func<EventArgs, Task>? StartedAsync
    {
        add => StartedEvent.Add(value);
        remove => StartedEvent.Remove(value);
    }

    public event Func<EventArgs, Task>? StoppedAsync
    {
        add => StoppedEvent.Add(value);
        remove => StoppedEvent.Remove(value);
    }

    public event Func<ValidatingConnectionEventArgs, Task>? ValidatingConnectionAsync
    {
        add => ValidatingConnectionEvent.Add(value);
        remove => ValidatingConnectionEvent.Remove(value);
    }

    /// <summary>Off, new connections are closed without a word.</summary>
    public bool AcceptNewConnections { get; set; } = true;

    public bool IsStarted => _running is not null;

    public IDictionary ServerSessionItems { get; } = new ConcurrentDictionary<object, object>();

    internal MqttAsyncEvent<ApplicationMessageEnqueuedEventArgs> ApplicationMessageEnqueuedOrDroppedEvent { get; } = new();

    internal MqttAsyncEvent<ApplicationMessageNotConsumedEventArgs> ApplicationMessageNotConsumedEvent { get; } = new();

    internal MqttAsyncEvent<ClientConnectedEventArgs> ClientConnectedEvent { get; } = new();

    internal MqttAsyncEvent<ClientDisconnectedEventArgs> ClientDisconnectedEvent { get; } = new();

    internal MqttAsyncEvent<ClientSubscribedTopicEventArgs> ClientSubscribedTopicEvent { get; } = new();

    internal MqttAsyncEvent<ClientUnsubscribedTopicEventArgs> ClientUnsubscribedTopicEvent { get; } = new();

    internal MqttAsyncEvent<InterceptingPublishEventArgs> InterceptingPublishEvent { get; } = new();

    internal MqttAsyncEvent<InterceptingSubscriptionEventArgs> InterceptingSubscriptionEvent { get; } = new();

    internal MqttAsyncEvent<InterceptingUnsubscriptionEventArgs> InterceptingUnsubscriptionEvent { get; } = new();

    internal MqttAsyncEvent<LoadingRetainedMessagesEventArgs> LoadingRetainedMessagesEvent { get; } = new();

    internal MqttAsyncEvent<RetainedMessageChangedEventArgs> RetainedMessageChangedEvent { get; } = new();

    internal MqttAsyncEvent<EventArgs> RetainedMessagesClearedEvent { get; } = new();

    internal MqttAsyncEvent<SessionDeletedEventArgs> SessionDeletedEvent { get; } = new();

    internal MqttAsyncEvent<EventArgs> StartedEvent { get; } = new();

    internal MqttAsyncEvent<EventArgs> StoppedEvent { get; } = new();

    internal MqttAsyncEvent<ValidatingConnectionEventArgs> ValidatingConnectionEvent { get; } = new();

    internal MqttServerOptions Options { get; }

    internal TimeProvider Clock { get; }

    internal MqttServerLog Log { get; }

    public async Task StartAsync()
    {
        if (_running is not null)
        {
            throw new InvalidOperationException("The MQTT server is already started.");
        }

        _running = new CancellationTokenSource();
        try
        {
            var loading = new LoadingRetainedMessagesEventArgs();
            await LoadingRetainedMessagesEvent.InvokeAsync(loading).ConfigureAwait(false);
            foreach (var message in loading.LoadedRetainedMessages)
            {
                _retained.TryUpdate(message);
            }

            foreach (var endpoint in new MqttServerTcpEndpointBaseOptions[] { Options.DefaultEndpointOptions, Options.TlsEndpointOptions }.Where(e => e.IsEnabled))
            {
                var listener = new MqttTcpListener(endpoint, Options.DefaultCommunicationTimeout, ServeAsync, Log);
                _listeners.Add(listener);
                await listener.StartAsync().ConfigureAwait(false);
            }
        }
        catch
        {
            await StopListenersAsync().ConfigureAwait(false);
            _running.Dispose();
            _running = null;
            throw;
        }

        _housekeeping = KeepHouseAsync(_running.Token);
        await RaiseAsync(StartedEvent, EventArgs.Empty).ConfigureAwait(false);
        Log.Info("Started.");
    }

    public async Task StopAsync(MqttServerStopOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Interlocked.Exchange(ref _running, null) is not { } running)
        {
            return;
        }

        await running.CancelAsync().ConfigureAwait(false);
        await StopListenersAsync().ConfigureAwait(false);
        var connections = GetConnections();
        foreach (var connection in connections)
        {
            connection.Close((byte)options.DefaultClientDisconnectOptions.ReasonCode, null, options.DefaultClientDisconnectOptions);
        }

        try
        {
            await Task.WhenAll(connections.Select(c => c.Finished)).WaitAsync(TimeSpan.FromSeconds(10), Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.Warning("Some connections did not end in time.");
        }

        await _housekeeping.ConfigureAwait(false);
        running.Dispose();
        ForgetSessions();
        await RaiseAsync(StoppedEvent, EventArgs.Empty).ConfigureAwait(false);
        Log.Info("Stopped.");
    }

    /// <summary>Publishes a message as if a client had. Handlers of InterceptingPublishAsync see it too.</summary>
    public async Task InjectApplicationMessage(InjectedMqttApplicationMessage injectedApplicationMessage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(injectedApplicationMessage);
        ThrowIfNotStarted();
        var message = injectedApplicationMessage.ApplicationMessage;
        if (string.IsNullOrEmpty(message.Topic))
        {
            throw new NotSupportedException("Injected application messages must contain a topic (topic alias is not supported).");
        }

        if (!MqttTopicRules.IsValidName(message.Topic.AsSpan()))
        {
            throw new MqttProtocolViolationException("The topic of an application message must not hold wildcards.");
        }

        if (InterceptingPublishEvent.HasHandlers)
        {
            var args = new InterceptingPublishEventArgs(
                message, injectedApplicationMessage.SenderClientId, null, injectedApplicationMessage.CustomSessionItems ?? ServerSessionItems, cancellationToken);
            await InterceptingPublishEvent.InvokeAsync(args).ConfigureAwait(false);
            if (!args.ProcessPublish || args.ApplicationMessage is null)
            {
                return;
            }

            message = args.ApplicationMessage;
        }

        Dispatch(injectedApplicationMessage.SenderClientId, message);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Ends every loop; whoever needs the ports free again awaits StopAsync first.
            _ = StopAsync(new MqttServerStopOptions());
        }
    }

    internal async Task RaiseAsync<TEventArgs>(MqttAsyncEvent<TEventArgs> @event, TEventArgs args)
    {
        try
        {
            await @event.InvokeAsync(args).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.Error($"A handler for {typeof(TEventArgs).Name} failed.", exception);
        }
    }

    private void ThrowIfNotStarted()
    {
        if (_running is null)
        {
            throw new InvalidOperationException("The MQTT server is not started.");
        }
    }

    private async Task StopListenersAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.StopAsync().ConfigureAwait(false);
        }

        _listeners.Clear();
    }

    private Task ServeAsync(MqttTransport transport)
    {
        if (!AcceptNewConnections || _running is null)
        {
            transport.Abort("The server accepts no new connections.");
            return transport.DisposeAsync().AsTask();
        }

        return new MqttConnection(this, transport).RunAsync();
    }
}
