using EcgStream.Core.Signals;
using EcgStream.Daemon.Journal;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// Takes the samples from a broker of the hospital's. A message is acknowledged to the broker after the journal's commit; with the
/// persistent session the broker keeps and repeats what is not, over restarts of either side.
/// </summary>
internal sealed class ExternalBroker : BackgroundService, IMqttOutlet
{
    /// <summary>
    /// Between tries, always: what devices publish to a broker that has just started, and that no session of ours knows, is acknowledged and lost, so the
    /// daemon must not be the last to come back.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>MQTTnet sets no limit to a call that can be cancelled, so each gets this one here.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly IngestGateway _gateway;
    private readonly MqttIngestOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<ExternalBroker> _log;
    private readonly BrokerMetrics _metrics;
    private readonly MqttRefusalLog _refusals;
    private readonly IMqttClient _client;
    private readonly IngestSource _source = new(JournalTransport.Mqtt, exclusive: false);
    private CancellationToken _stopping;
    private SemaphoreSlim _room = new(1);
    private string? _fault = "not connected yet";

    public ExternalBroker(
        IngestGateway gateway, IOptions<MqttIngestOptions> options, TimeProvider clock, BrokerMetrics metrics, MqttRefusalLog refusals,
        ILogger<ExternalBroker> log)
    {
        (_metrics, _refusals) = (metrics, refusals);
        _gateway = gateway;
        _options = options.Value;
        _clock = clock;
        _log = log;
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += OnMessageAsync;
    }

    /// <summary>Why there is no connection; null while there is one.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    public async ValueTask<MqttAnswer> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation)
    {
        if (!_client.IsConnected)
        {
            return MqttAnswer.NotNow;
        }

        // MQTT 5.0, 4.9: a broker cuts off whoever goes beyond its receive maximum, and MQTTnet leaves it to its user to stay below.
        var room = Volatile.Read(ref _room);
        await room.WaitAsync(cancellation);
        try
        {
            var answer = await _client.PublishAsync(message, cancellation).WaitAsync(AnswerTimeout, _clock, cancellation);
            return answer.IsSuccess ? MqttAnswer.Taken
                : answer.ReasonCode == MqttClientPublishReasonCode.QuotaExceeded ? MqttAnswer.NotNow
                : new MqttAnswer(false, $"{answer.ReasonCode} {answer.ReasonString}".TrimEnd());
        }
        finally
        {
            room.Release();
        }
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var broker = new Uri(_options.Broker);
        var connect = ConnectOptions(broker);
        var subscribe = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(filter => filter.WithTopic(MqttTopics.AllSamples).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce))
            .Build();
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var reason = "connection closed";
            try
            {
                var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Task OnDisconnected(MqttClientDisconnectedEventArgs disconnected)
                {
                    // The end of a try that failed is told late, maybe when the next connection is there.
                    if (disconnected.ClientWasConnected)
                    {
                        lost.TrySetResult();
                    }

                    return Task.CompletedTask;
                }

                _client.DisconnectedAsync += OnDisconnected;
                try
                {
                    await ConnectAsync(connect, subscribe, stoppingToken);
                    MqttLog.Connected(_log, broker.Authority, MqttTopics.AllSamples);
                    Volatile.Write(ref _fault, null);
                    told = null;
                    await lost.Task.WaitAsync(stoppingToken);
                }
                finally
                {
                    _client.DisconnectedAsync -= OnDisconnected;
                }
            }
#pragma warning disable CA1031 // Whatever keeps the broker away, the daemon goes on and tries again.
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
#pragma warning restore CA1031
            {
                reason = fault.Message;
                await _client.TryDisconnectAsync(); // what is left of a connection without its subscription
            }

            Volatile.Write(ref _fault, reason);
            if (told != reason)
            {
                MqttLog.Disconnected(_log, broker.Authority, reason, Pause);
                told = reason;
            }

            await Task.Delay(Pause, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), CancellationToken.None);
        }
    }

    private async Task ConnectAsync(MqttClientOptions connect, MqttClientSubscribeOptions subscribe, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            await ConnectAndSubscribeAsync(connect, subscribe, either.Token);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant($"no answer within {AnswerTimeout.TotalSeconds} s"));
        }
    }

    /// <summary>MQTTnet returns refusals, of the connection and of the subscription, and throws none.</summary>
    private async Task ConnectAndSubscribeAsync(MqttClientOptions connect, MqttClientSubscribeOptions subscribe, CancellationToken cancellation)
    {
        var connected = await _client.ConnectAsync(connect, cancellation);
        if (connected.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new IOException($"the broker refused the connection: {connected.ResultCode} {connected.ReasonString}".TrimEnd());
        }

        Volatile.Write(ref _room, new SemaphoreSlim(connected.ReceiveMaximum is { } limit and > 0 ? limit : ushort.MaxValue));
        var subscribed = await _client.SubscribeAsync(subscribe, cancellation);
        if (subscribed.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
        {
            throw new IOException($"the broker refused the subscription to {MqttTopics.AllSamples}: {refused.ResultCode}");
        }
    }

    private MqttClientOptions ConnectOptions(Uri broker)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(broker.Host, broker.IsDefaultPort || broker.Port < 0 ? 1883 : broker.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(_options.ClientId)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(24 * 3600)
            .WithReceiveMaximum(1024)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(15));
        return (_options.UserName.Length > 0 ? builder.WithCredentials(_options.UserName, _options.Password) : builder).Build();
    }

    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        message.AutoAcknowledge = false;
        if (!MqttTopics.TryParseSamples(message.ApplicationMessage.Topic, out var site, out var device))
        {
            await message.AcknowledgeAsync(_stopping);
            return;
        }

        if (message.ApplicationMessage.Retain)
        {
            _metrics.Retained();
            var refusal = MqttRefusals.Retained(device.Span);
            _refusals.Refused(device, refusal);
            await message.AcknowledgeAsync(_stopping);
            return;
        }

        var pending = new MqttPendingPublish();
        await _gateway.SubmitAsync(_source, message.ApplicationMessage.Payload, device, pending, _stopping);

        // Not awaited: the next message is taken while this one waits for its commit. The broker's receive maximum bounds how many.
        _ = AcknowledgeAsync(message, pending, site, device);
    }

    private async Task AcknowledgeAsync(
        MqttApplicationMessageReceivedEventArgs message, MqttPendingPublish pending, ReadOnlyMemory<char> site, ReadOnlyMemory<char> device)
    {
        try
        {
            await pending.Answered;
            if (pending.Refusal is { Reason: RefusalReason.Storage })
            {
                MqttLog.JournalFailed(_log);
                await _client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), _stopping);
                return;
            }

            await message.AcknowledgeAsync(_stopping);
            if (pending.Refusal is { } refused)
            {
                _refusals.Refused(device, refused);
                await PublishAsync(MqttRefusals.ToMessage(pending.Chunk, refused, site, device), _stopping);
            }
        }
#pragma warning disable CA1031 // The connection went away meanwhile: the broker sends the message again, and the session knows it.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
