using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Internal;

/// <summary>What the client asks of the server, and the answers.</summary>
internal sealed partial class MqttClientConnection
{
    private static readonly Task<MqttClientPublishResult> AtMostOnceDone =
        Task.FromResult(new MqttClientPublishResult(null, MqttClientPublishReasonCode.Success, null, []));

    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, MqttClientRequest> _requests = [];
    private readonly Queue<TaskCompletionSource> _pings = new();
    private readonly Queue<MqttPublishRequest> _waiting = new();
    private int _window = ushort.MaxValue;
    private ushort _lastId;
    private long _pingTimestamp;

    public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        ThrowIfServerRefuses(message);
        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            Send(message, 0);
            return _sender.IsCongested ? PublishCongestedAsync() : AtMostOnceDone;
        }

        var request = new MqttPublishRequest(message, _clock.GetTimestamp());
        lock (_gate)
        {
            ThrowIfEnding();
            if (_window > 0 && _waiting.Count == 0)
            {
                SendInWindow(request);
            }
            else
            {
                // In line, so that messages leave in the order in which they were published.
                _waiting.Enqueue(request);
            }
        }

        return cancellationToken.CanBeCanceled ? request.CancelBy(cancellationToken) : request.Task;
    }

    public async Task<MqttSubAckPacket> RequestAsync(Action<ushort> setId, MqttPacket packet, CancellationToken cancellationToken)
    {
        var request = new MqttSubscribeRequest(packet.Type == MqttPacketType.Subscribe ? MqttPacketType.SubAck : MqttPacketType.UnsubAck, _clock.GetTimestamp());
        if (ConnectResult.MaximumPacketSize is { } limit && MqttPacketEncoder.SizeOf(packet, _options.ProtocolVersion) is var size && size > limit)
        {
            throw new MqttProtocolViolationException($"A {packet.Type} of {size} bytes is larger than the server's maximum packet size of {limit} bytes.");
        }

        var id = Register(request);
        setId(id);
        try
        {
            _sender.Write(packet);
        }
        catch
        {
            lock (_gate)
            {
                _requests.Remove(id);
            }

            throw;
        }

        _sender.Flush();
        return await request.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task PingAsync(CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ThrowIfEnding();
            _pings.Enqueue(completion);
            if (_pings.Count == 1)
            {
                _pingTimestamp = _clock.GetTimestamp();
            }

            _sender.Write(MqttPingPacket.Request);
        }

        _sender.Flush();
        return completion.Task.WaitAsync(cancellationToken);
    }

    private async Task<MqttClientPublishResult> PublishCongestedAsync()
    {
        await _sender.WaitUntilDrainedAsync().ConfigureAwait(false);
        return await AtMostOnceDone.ConfigureAwait(false);
    }

    // Under _gate, as everything that moves the window or the line.
    private void SendInWindow(MqttPublishRequest request)
    {
        var id = Register(request);
        try
        {
            Send(request.Message, id);
            _window--;
        }
        catch
        {
            _requests.Remove(id);
            throw;
        }
    }

    private void SendWaiting()
    {
        while (_window > 0 && _waiting.TryDequeue(out var request))
        {
            if (request.Task.IsCompleted)
            {
                continue;
            }

            try
            {
                SendInWindow(request);
            }
            catch (Exception exception)
            {
                request.Fail(exception);
            }
        }
    }

    private void Send(MqttApplicationMessage message, ushort id)
    {
        ThrowIfEnding();
        MqttProperties? properties = null;
        if (IsV5)
        {
            properties = MqttProperties.FromMessage(message);
            if (message.TopicAlias > 0)
            {
                (properties ??= new MqttProperties()).TopicAlias = message.TopicAlias;
            }
        }

        var header = new MqttPublishHeader
        {
            Topic = message.Topic,
            QualityOfServiceLevel = message.QualityOfServiceLevel,
            Retain = message.Retain,
            Dup = message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce && message.Dup,
            PacketIdentifier = id,
            Properties = properties,
        };
        if (ConnectResult.MaximumPacketSize is { } limit && MqttPacketEncoder.SizeOfPublish(_options.ProtocolVersion, header, message.Payload) > limit)
        {
            throw new MqttProtocolViolationException($"The message is larger than the server's maximum packet size of {limit} bytes.");
        }

        _sender.WritePublish(header, message.Payload);
        _sender.Flush();
    }

    private void ThrowIfServerRefuses(MqttApplicationMessage message)
    {
        if (message.QualityOfServiceLevel > ConnectResult.MaximumQoS)
        {
            throw new NotSupportedException($"The server supports no QoS above {(int)ConnectResult.MaximumQoS}.");
        }

        if (message.Retain && !ConnectResult.RetainAvailable)
        {
            throw new NotSupportedException("The server does not keep retained messages.");
        }

        if (message.TopicAlias > ConnectResult.TopicAliasMaximum)
        {
            throw new NotSupportedException($"The server takes topic aliases up to {ConnectResult.TopicAliasMaximum}.");
        }
    }

    private void HandleAck(MqttAckPacket packet)
    {
        MqttPublishRequest? request;
        var isFinished = false;
        lock (_gate)
        {
            request = _requests.TryGetValue(packet.PacketIdentifier, out var found) ? found as MqttPublishRequest : null;
            if (request?.Awaited != packet.Type)
            {
                request = null;
            }
            else
            {
                isFinished = request.OnAck(packet);
                if (isFinished)
                {
                    _requests.Remove(packet.PacketIdentifier);
                    _window++;
                    SendWaiting();
                }
            }
        }

        if (packet.Type == MqttPacketType.PubRec && !isFinished && packet.ReasonCode < 0x80)
        {
            _sender.WriteAck(MqttPacketType.PubRel, packet.PacketIdentifier, request is null ? (byte)0x92 : (byte)0);
        }
    }

    private void HandleSubAck(MqttSubAckPacket packet)
    {
        lock (_gate)
        {
            if (_requests.TryGetValue(packet.PacketIdentifier, out var found) && found is MqttSubscribeRequest request && request.Awaited == packet.Type)
            {
                _requests.Remove(packet.PacketIdentifier);
                request.OnAck(packet);
            }
        }
    }

    private void HandlePingResponse()
    {
        lock (_gate)
        {
            if (_pings.TryDequeue(out var ping))
            {
                ping.TrySetResult();
                _pingTimestamp = _clock.GetTimestamp();
            }
        }
    }

    private ushort Register(MqttClientRequest request)
    {
        lock (_gate)
        {
            ThrowIfEnding();
            if (_requests.Count >= ushort.MaxValue)
            {
                throw new MqttCommunicationException("All 65,535 packet identifiers are in use.");
            }

            do
            {
                _lastId++;
            }
            while (_lastId == 0 || _requests.ContainsKey(_lastId));
            _requests.Add(_lastId, request);
            return _lastId;
        }
    }

    private void FailRequests(Exception exception)
    {
        lock (_gate)
        {
            foreach (var request in _requests.Values)
            {
                request.Fail(exception);
            }

            _requests.Clear();
            while (_waiting.TryDequeue(out var waiting))
            {
                waiting.Fail(exception);
            }

            while (_pings.TryDequeue(out var ping))
            {
                ping.TrySetException(exception);
            }
        }
    }

    private void ThrowIfEnding()
    {
        if (Volatile.Read(ref _isEnding) != 0)
        {
            throw new MqttClientNotConnectedException();
        }
    }

    /// <summary>Sends PINGREQ on a quiet connection and gives up what the server does not answer.</summary>
    private async Task WatchTimeAsync()
    {
        var keepAlive = _keepAlive;
        var period = keepAlive > TimeSpan.Zero && keepAlive < TimeSpan.FromSeconds(4) ? keepAlive / 4 : TimeSpan.FromSeconds(1);
        var patience = keepAlive > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(_options.Timeout.Ticks, Math.Max(keepAlive.Ticks, TimeSpan.TicksPerSecond * 5))) : _options.Timeout;
        using var timer = new PeriodicTimer(period, _clock);
        var lastSent = _clock.GetTimestamp();
        var sentCount = _sender.PacketsSent;
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                if (_sender.PacketsSent != sentCount)
                {
                    sentCount = _sender.PacketsSent;
                    lastSent = _clock.GetTimestamp();
                }

                bool isWaiting;
                lock (_gate)
                {
                    isWaiting = _pings.Count > 0;
                    foreach (var request in _requests.Values.Concat(_waiting))
                    {
                        if (_clock.GetElapsedTime(request.StartedTimestamp) > _options.Timeout)
                        {
                            request.Fail(new MqttCommunicationTimedOutException());
                        }
                    }
                }

                if (isWaiting && _clock.GetElapsedTime(_pingTimestamp) > patience)
                {
                    End(MqttClientDisconnectReason.KeepAliveTimeout, null, null, new MqttCommunicationTimedOutException(), null);
                }
                else if (!isWaiting && keepAlive > TimeSpan.Zero && _clock.GetElapsedTime(lastSent) >= keepAlive * 0.75)
                {
                    _ = IgnoreOutcomeAsync(PingAsync(CancellationToken.None));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or MqttCommunicationException)
        {
        }
    }

    private static async Task IgnoreOutcomeAsync(Task task)
    {
        // The end of the connection, which is all that can go wrong with it, is reported by DisconnectedAsync.
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
