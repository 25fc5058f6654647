using System.Threading.Channels;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Internal;

/// <summary>
/// One connection of a client, from CONNECT to its end. One loop reads packets, one hands messages to the user's handlers in order, one
/// watches time. The line between the first two is bounded: where handlers do not keep up, the server is not read from.
/// </summary>
internal sealed partial class MqttClientConnection
{
    // With MQTT 5.0 the receive maximum keeps acknowledged messages far below this; QoS 0 floods wait in TCP.
    private const int ReceiveLine = 4096;

    private readonly MqttClient _client;
    private readonly MqttClientOptions _options;
    private readonly MqttStreamTransport _transport;
    private readonly HashSet<ushort> _takenQoS2;
    private readonly TimeProvider _clock;
    private readonly MqttPacketDecoder _decoder;
    private readonly MqttPacketSender _sender;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<ushort, string> _topicAliases = [];
    private readonly Channel<MqttApplicationMessageReceivedEventArgs> _line =
        Channel.CreateBounded<MqttApplicationMessageReceivedEventArgs>(new BoundedChannelOptions(ReceiveLine) { SingleReader = true, SingleWriter = true });
    private TimeSpan _keepAlive;
    private int _isEnding;

    public MqttClientConnection(MqttClient client, MqttClientOptions options, MqttStreamTransport transport, HashSet<ushort> takenQoS2, TimeProvider clock)
    {
        _client = client;
        _options = options;
        _transport = transport;
        _takenQoS2 = takenQoS2;
        _clock = clock;
        _decoder = new MqttPacketDecoder(peerIsClient: false, options.MaximumPacketSize > 0 ? options.MaximumPacketSize : MqttPacketDecoder.LargestPacketSize)
        {
            Version = options.ProtocolVersion,
        };
        _sender = new MqttPacketSender(transport.Output) { Version = options.ProtocolVersion };
    }

    public MqttClientConnectResult ConnectResult { get; private set; } = new();

    public bool IsV5 => _options.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>Completes when the connection is closed and its event has been handled.</summary>
    public Task Finished => _finished.Task;

    private string ClientId => ConnectResult.AssignedClientIdentifier ?? _options.ClientId;

    public async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        _sender.Write(MqttConnectPacketFactory.Create(_options));
        _sender.Flush();
        while (true)
        {
            var read = await _transport.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            var status = _decoder.TryDecode(ref rest, out var packet);
            _transport.Input.AdvanceTo(rest.Start, status == MqttDecodeStatus.NeedMoreData ? rest.End : rest.Start);
            switch (status)
            {
                case MqttDecodeStatus.Packet when packet is MqttConnAckPacket connAck:
                    Apply(connAck);
                    return;
                case MqttDecodeStatus.Packet:
                    throw new MqttCommunicationException($"The server answered CONNECT with {packet!.Type}.");
                case MqttDecodeStatus.Failed:
                    throw new MqttCommunicationException($"The server's answer to CONNECT is malformed: {_decoder.FailureText}");
                default:
                    if (read.IsCompleted)
                    {
                        throw new MqttCommunicationException("The server closed the connection before it answered CONNECT.");
                    }

                    break;
            }
        }
    }

    public void Start()
    {
        _ = RunAsync();
    }

    /// <summary>Closes a connection that was never started.</summary>
    public async Task AbandonAsync()
    {
        Interlocked.Exchange(ref _isEnding, 1);
        _transport.Abort();
        await _transport.Output.CompleteAsync().ConfigureAwait(false);
        await _transport.Input.CompleteAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        _finished.TrySetResult();
    }

    /// <summary>Ends the connection; the first call decides what the event says.</summary>
    public void End(MqttClientDisconnectReason reason, string? text, List<MqttUserProperty>? properties, Exception? exception, MqttDisconnectPacket? lastPacket)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            _ = EndAsync(new MqttClientDisconnectedEventArgs(true, ConnectResult, reason, text, properties, exception), lastPacket);
        }
    }

    private async Task EndAsync(MqttClientDisconnectedEventArgs args, MqttDisconnectPacket? lastPacket)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (lastPacket is not null)
            {
                lastPacket.Properties = Fitting(lastPacket, lastPacket.Properties);
                _sender.Write(lastPacket);
                await _sender.CompleteAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), _clock).ConfigureAwait(false);
                await _transport.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), _clock).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            _client.Log(MqttNetLogLevel.Warning, "The last packet could not be sent.", exception);
        }

        _transport.Abort();
        await _ended.CancelAsync().ConfigureAwait(false);
        _line.Writer.TryComplete();
        FailRequests(new MqttClientDisconnectedException(args.Exception ?? new MqttCommunicationException("The connection was closed.")));
        await _client.OnEndedAsync(this, args).ConfigureAwait(false);
        _finished.TrySetResult();
    }

    private void Apply(MqttConnAckPacket packet)
    {
        if (packet.IsSessionPresent && _options.CleanSession)
        {
            // Nothing of such a session is known here (3.2.2.1.1).
            throw new MqttCommunicationException("The server resumed a session where the client asked for a clean one.");
        }

        ConnectResult = MqttClientConnectResult.From(packet, IsV5);
        _window = ConnectResult.ReceiveMaximum ?? ushort.MaxValue;
        _keepAlive = packet.Properties?.ServerKeepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : _options.KeepAlivePeriod;
    }

    private async Task RunAsync()
    {
        _ = HandOverAsync();
        _ = WatchTimeAsync();
        try
        {
            await ReadLoopAsync().ConfigureAwait(false);
            End(MqttClientDisconnectReason.UnspecifiedError, null, null, new MqttCommunicationException("The server closed the connection."), null);
        }
        catch (Exception exception)
        {
            End(MqttClientDisconnectReason.UnspecifiedError, null, null, exception as MqttCommunicationException ?? new MqttCommunicationException(exception), null);
        }
    }

    private async Task ReadLoopAsync()
    {
        while (true)
        {
            var read = await _transport.Input.ReadAsync(_ended.Token).ConfigureAwait(false);
            var rest = read.Buffer;
            try
            {
                while (Volatile.Read(ref _isEnding) == 0)
                {
                    var status = _decoder.TryDecode(ref rest, out var packet);
                    if (status == MqttDecodeStatus.NeedMoreData)
                    {
                        break;
                    }

                    if (status == MqttDecodeStatus.Failed)
                    {
                        EndWithProtocolError(_decoder.FailureReason, _decoder.FailureText);
                        return;
                    }

                    var handling = HandleAsync(packet!);
                    if (!handling.IsCompletedSuccessfully)
                    {
                        _sender.Flush();
                        await handling.ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                _transport.Input.AdvanceTo(rest.Start, read.Buffer.End);
            }

            _sender.Flush();
            if (read.IsCompleted || read.IsCanceled || Volatile.Read(ref _isEnding) != 0)
            {
                return;
            }
        }
    }

    private ValueTask HandleAsync(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                return HandlePublish(publish);
            case MqttAckPacket { Type: MqttPacketType.PubRel } release:
                lock (_takenQoS2)
                {
                    _takenQoS2.Remove(release.PacketIdentifier);
                }

                _sender.WriteAck(MqttPacketType.PubComp, release.PacketIdentifier, 0);
                break;
            case MqttAckPacket ack:
                HandleAck(ack);
                break;
            case MqttSubAckPacket subAck:
                HandleSubAck(subAck);
                break;
            case MqttPingPacket:
                HandlePingResponse();
                break;
            case MqttDisconnectPacket disconnect:
                End((MqttClientDisconnectReason)disconnect.ReasonCode, disconnect.Properties?.ReasonString, disconnect.Properties?.UserProperties,
                    new MqttCommunicationException($"The server disconnected the client (reason {disconnect.ReasonCode})."), null);
                break;
            default:
                EndWithProtocolError(0x82, $"Unexpected {packet.Type}.");
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void EndWithProtocolError(byte reason, string text)
    {
        End((MqttClientDisconnectReason)reason, text, null, new MqttCommunicationException("The server broke the protocol: " + text),
            IsV5 ? new MqttDisconnectPacket { ReasonCode = reason } : null);
    }

    private ValueTask HandlePublish(MqttPublishPacket packet)
    {
        if (packet.Properties?.TopicAlias is { } alias)
        {
            if (alias > _options.TopicAliasMaximum || (packet.Topic.Length == 0 && !_topicAliases.ContainsKey(alias)))
            {
                EndWithProtocolError(0x94, $"Topic alias {alias} is not agreed on.");
                return ValueTask.CompletedTask;
            }

            if (packet.Topic.Length > 0)
            {
                _topicAliases[alias] = packet.Topic;
            }

            packet.Topic = _topicAliases[alias];
        }

        if (packet.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce)
        {
            lock (_takenQoS2)
            {
                if (_takenQoS2.Contains(packet.PacketIdentifier))
                {
                    _sender.WriteAck(MqttPacketType.PubRec, packet.PacketIdentifier, 0);
                    return ValueTask.CompletedTask;
                }
            }
        }

        var args = new MqttApplicationMessageReceivedEventArgs(ClientId, packet.ToMessage(), packet.PacketIdentifier, AcknowledgeAsync);
        return _line.Writer.TryWrite(args) ? ValueTask.CompletedTask : _line.Writer.WriteAsync(args, _ended.Token);
    }

    private async Task HandOverAsync()
    {
        await foreach (var args in _line.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await _client.OnReceivedAsync(args).ConfigureAwait(false);
                if (args.AutoAcknowledge && !args.ProcessingFailed)
                {
                    await args.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                _client.Log(MqttNetLogLevel.Error, "A handler of ApplicationMessageReceivedAsync failed; the message is not acknowledged.", exception);
            }
        }
    }

    private Task AcknowledgeAsync(MqttApplicationMessageReceivedEventArgs args, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (args.ProcessingFailed || args.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            return Task.CompletedTask;
        }

        if (Volatile.Read(ref _isEnding) != 0)
        {
            return Task.FromException(new MqttClientNotConnectedException());
        }

        var type = MqttPacketType.PubAck;
        if (args.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce)
        {
            type = MqttPacketType.PubRec;
            if ((byte)args.ReasonCode < 0x80)
            {
                lock (_takenQoS2)
                {
                    _takenQoS2.Add(args.PacketIdentifier);
                }
            }
        }

        MqttProperties? properties = null;
        if (args.ResponseReasonString is not null || args.ResponseUserProperties.Count > 0)
        {
            properties = new MqttProperties { ReasonString = args.ResponseReasonString, UserProperties = args.ResponseUserProperties };
            properties = Fitting(new MqttAckPacket(type) { PacketIdentifier = args.PacketIdentifier, ReasonCode = (byte)args.ReasonCode, Properties = properties }, properties);
        }

        _sender.WriteAck(type, args.PacketIdentifier, (byte)args.ReasonCode, properties);
        _sender.Flush();
        return Task.CompletedTask;
    }

    /// <summary>The properties without those explanations that would make the packet larger than the server takes (3.4.2.2); null where none is left.</summary>
    private MqttProperties? Fitting(MqttPacket packet, MqttProperties? properties)
    {
        if (properties is null || ConnectResult.MaximumPacketSize is not { } limit || MqttPacketEncoder.SizeOf(packet, _options.ProtocolVersion) <= limit)
        {
            return properties;
        }

        packet.Properties = new MqttProperties { ReasonString = properties.ReasonString, SessionExpiryInterval = properties.SessionExpiryInterval };
        if (MqttPacketEncoder.SizeOf(packet, _options.ProtocolVersion) > limit)
        {
            packet.Properties = properties.SessionExpiryInterval is { } expiry ? new MqttProperties { SessionExpiryInterval = expiry } : null;
        }

        return packet.Properties;
    }
}
