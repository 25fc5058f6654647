using System.Buffers;
using MQTTnet.Formatter;
using MQTTnet.Internal;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>
/// One client's connection, from CONNECT to its end. One loop reads; acknowledgements of publishes whose handlers are still at work are
/// written by <see cref="MqttPublishLine"/>; messages to the client by the pump, a work item of the thread pool.
/// </summary>
internal sealed partial class MqttConnection : IThreadPoolWorkItem
{
    private readonly MqttServer _server;
    private readonly MqttTransport _transport;
    private readonly MqttPacketDecoder _decoder = new(peerIsClient: true, MqttServerLimits.MaximumConnectSize);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MqttPublishLine _line;
    private readonly Dictionary<ushort, string> _topicAliases = [];
    private MqttTopicAliasBook? _outboundAliases;
    private MqttDisconnectPacket? _disconnect;
    private byte? _closeReason;
    private int _isClosing;
    private int _isPumpRequested;
    private bool _isWillDue = true;
    private bool _isTakenOver;

    public MqttConnection(MqttServer server, MqttTransport transport)
    {
        _server = server;
        _transport = transport;
        Sender = new MqttPacketSender(transport.Output);
        _line = new MqttPublishLine(server, this);
        Connected = server.Clock.GetUtcNow();
        LastPacketTimestamp = server.Clock.GetTimestamp();
    }

    public MqttPacketSender Sender { get; }

    public MqttTransport Transport => _transport;

    public MqttConnectPacket Connect { get; private set; } = new();

    public MqttServerSession Session { get; private set; } = null!;

    /// <summary>Unacknowledged messages that the client takes at once.</summary>
    public int SendWindow { get; private set; } = MqttServerLimits.MaximumInflight;

    public DateTimeOffset Connected { get; }

    public long LastPacketTimestamp { get; private set; }

    public long LastNonKeepAlivePacketTimestamp { get; private set; }

    public long BytesReceived { get; private set; }

    public long PacketsReceived { get; private set; }

    public long MessagesReceived { get; private set; }

    public long MessagesSent { get; private set; }

    public CancellationToken Ended => _ended.Token;

    /// <summary>Completes when the connection is closed and its session let go.</summary>
    public Task Finished => _finished.Task;

    public bool IsV5 => _decoder.Version == MqttProtocolVersion.V500;

    /// <summary>The server reads nothing for now, so the client's silence is not the client's.</summary>
    public bool IsHeldBack { get; private set; }

    public bool IsInsidePacket { get; private set; }

    /// <summary>When the first byte of the packet came that is half read; meaningful while <see cref="IsInsidePacket"/>.</summary>
    public long InsidePacketTimestamp { get; private set; }

    /// <summary>Seconds; 0 = none. What the client asked for, or what it was told instead.</summary>
    public ushort KeepAliveSeconds { get; private set; }

    public async Task RunAsync()
    {
        MqttServerSession? session = null;
        try
        {
            session = await OpenAsync().ConfigureAwait(false);
            if (session is not null)
            {
                await ReadLoopAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The network or the other side ended the connection; what follows from it is below.
        }
        catch (Exception exception)
        {
            _server.Log.Error("A connection ended by an unexpected failure.", exception);
        }

        await CloseAsync(session).ConfigureAwait(false);
    }

    /// <summary>Tells the client why (MQTT 5.0) and cuts the connection. The first call decides.</summary>
    public void Close(byte reason, string? text = null, MqttServerClientDisconnectOptions? options = null)
    {
        if (Interlocked.Exchange(ref _isClosing, 1) != 0)
        {
            return;
        }

        _closeReason = reason;
        if (IsV5)
        {
            var properties = MqttExplanation.For(
                Connect, options?.ReasonString ?? text, options?.UserProperties, options?.ServerReference?.Length ?? 0, isForEveryClient: options is not null);
            if (options?.ServerReference is not null)
            {
                (properties ??= new MqttProperties()).ServerReference = options.ServerReference;
            }

            Sender.Write(new MqttDisconnectPacket { ReasonCode = reason, Properties = properties });
        }

        Sender.Flush();
        _line.ReleaseReader();
        _transport.Input.CancelPendingRead();
    }

    public void CloseTakenOver()
    {
        _isTakenOver = true;
        Close((byte)MqttDisconnectReasonCode.SessionTakenOver, "Another connection took the session over.");
    }

    public void SchedulePump()
    {
        if (Interlocked.Exchange(ref _isPumpRequested, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _isPumpRequested, 0);
        try
        {
            var hasMore = Session.Pump(this);
            Sender.Flush();
            if (Sender.IsCongested)
            {
                _ = PumpWhenDrainedAsync();
            }
            else if (hasMore)
            {
                SchedulePump();
            }
        }
        catch (Exception exception)
        {
            _server.Log.Error("Sending to a client failed.", exception);
            Close((byte)MqttDisconnectReasonCode.ImplementationSpecificError);
        }
    }

    /// <summary>Under the session's gate. False where the message was given up: expired, or larger than the client takes.</summary>
    public bool TrySend(in MqttOutboundMessage message, ushort id, bool dup)
    {
        if (!message.TryCreateHeader(id, dup, _decoder.Version, _server.Clock, out var header))
        {
            return false;
        }

        if (_outboundAliases is not null)
        {
            header = _outboundAliases.Apply(header);
        }

        if (Connect.Properties?.MaximumPacketSize is { } limit && MqttPacketEncoder.SizeOfPublish(_decoder.Version, header, message.Message.Payload) > limit)
        {
            return false;
        }

        _outboundAliases?.Keep(header);
        Sender.WritePublish(header, message.Message.Payload);
        MessagesSent++;
        return true;
    }

    private async Task PumpWhenDrainedAsync()
    {
        await Sender.WaitUntilDrainedAsync().ConfigureAwait(false);
        SchedulePump();
    }

    private async Task ReadLoopAsync()
    {
        while (Volatile.Read(ref _isClosing) == 0)
        {
            var result = await _transport.Input.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            var consumed = buffer;
            try
            {
                while (Volatile.Read(ref _isClosing) == 0)
                {
                    var before = consumed.Length;
                    var status = _decoder.TryDecode(ref consumed, out var packet);
                    if (status == MqttDecodeStatus.NeedMoreData)
                    {
                        break;
                    }

                    if (status == MqttDecodeStatus.Failed)
                    {
                        Close(_decoder.FailureReason, _decoder.FailureText);
                        break;
                    }

                    BytesReceived += before - consumed.Length;
                    var handling = HandleAsync(packet!);
                    if (!handling.IsCompletedSuccessfully)
                    {
                        IsHeldBack = true;
                        Sender.Flush();
                        await handling.ConfigureAwait(false);
                        IsHeldBack = false;
                        LastPacketTimestamp = _server.Clock.GetTimestamp();
                    }
                }
            }
            finally
            {
                MarkInsidePacket(!consumed.IsEmpty, consumed.Length < buffer.Length);
                _transport.Input.AdvanceTo(consumed.Start, buffer.End);
            }

            Sender.Flush();
            if (Sender.IsCongested)
            {
                // Answers that nobody takes must not pile up: a client that does not read is not read from.
                await Sender.WaitUntilDrainedAsync().ConfigureAwait(false);
            }

            if (result.IsCompleted || (_disconnect is not null))
            {
                return;
            }
        }
    }

    private void MarkInsidePacket(bool isInside, bool isAnother)
    {
        if (isInside && (!IsInsidePacket || isAnother))
        {
            InsidePacketTimestamp = _server.Clock.GetTimestamp();
        }

        IsInsidePacket = isInside;
    }

    private ValueTask HandleAsync(MqttPacket packet)
    {
        PacketsReceived++;
        LastPacketTimestamp = _server.Clock.GetTimestamp();
        if (packet is not MqttPingPacket)
        {
            LastNonKeepAlivePacketTimestamp = LastPacketTimestamp;
        }

        switch (packet)
        {
            case MqttPublishPacket publish:
                MessagesReceived++;
                return HandlePublish(publish);
            case MqttAckPacket ack:
                HandleAck(ack);
                return ValueTask.CompletedTask;
            case MqttPingPacket:
                Sender.Write(MqttPingPacket.Response);
                return ValueTask.CompletedTask;
            case MqttSubscribePacket subscribe:
                return new ValueTask(SubscribeAsync(subscribe));
            case MqttUnsubscribePacket unsubscribe:
                return new ValueTask(UnsubscribeAsync(unsubscribe));
            case MqttDisconnectPacket disconnect:
                HandleDisconnect(disconnect);
                return ValueTask.CompletedTask;
            default:
                Close((byte)MqttDisconnectReasonCode.ProtocolError, "Re-authentication was not agreed on.");
                return ValueTask.CompletedTask;
        }
    }

    private void HandleDisconnect(MqttDisconnectPacket packet)
    {
        if (packet.Properties?.SessionExpiryInterval is { } expiry)
        {
            if (expiry > 0 && (Connect.Properties?.SessionExpiryInterval ?? 0) == 0)
            {
                Close((byte)MqttDisconnectReasonCode.ProtocolError, "A session expiry of 0 cannot be raised at the end.");
                return;
            }

            Session.ExpirySeconds = _server.LimitExpiry(expiry);
        }

        _disconnect = packet;
        _isWillDue = packet.ReasonCode != 0;
        Interlocked.Exchange(ref _isClosing, 1);
    }

    private async Task CloseAsync(MqttServerSession? session)
    {
        Interlocked.Exchange(ref _isClosing, 1);
        await _ended.CancelAsync().ConfigureAwait(false);
        if (session is not null)
        {
            var isOwner = session.Detach(this);
            await _server.OnConnectionEndedAsync(this, isOwner, _isWillDue ? Connect.Will : null).ConfigureAwait(false);
        }
        else
        {
            _server.Forget(this);
        }

        if (_closeReason is not null && IsV5 && !_isTakenOver)
        {
            await LingerAsync().ConfigureAwait(false);
        }

        try
        {
            // A client that does not read must not keep its connection's memory for longer than this.
            await Sender.CompleteAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), _server.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _transport.Abort("The client did not take its last packets.");
        }

        try
        {
            await _transport.Input.CompleteAsync().ConfigureAwait(false);
            await _transport.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), _server.Clock).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException or InvalidOperationException)
        {
            _transport.Abort("The connection did not close in time.");
        }

        if (session is not null)
        {
            var type = _isTakenOver ? MqttClientDisconnectType.Takeover : _disconnect is not null ? MqttClientDisconnectType.Clean : MqttClientDisconnectType.NotClean;
            await _server.RaiseAsync(
                _server.ClientDisconnectedEvent,
                new ClientDisconnectedEventArgs(Connect, _disconnect, _closeReason, type, _transport.RemoteEndPoint, session.Items)).ConfigureAwait(false);
        }

        _finished.TrySetResult();
    }

    private async Task LingerAsync()
    {
        // Real time, whatever clock the protocol goes by: it is the network that is waited for.
        var clock = TimeProvider.System;
        var since = clock.GetTimestamp();
        using var quiet = new CancellationTokenSource(MqttServerLimits.LingerQuiet, clock);
        try
        {
            while (clock.GetElapsedTime(since) < MqttServerLimits.LingerTotal)
            {
                var result = await _transport.Input.ReadAsync(quiet.Token).ConfigureAwait(false);
                _transport.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }

                quiet.TryReset();
                quiet.CancelAfter(MqttServerLimits.LingerQuiet);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Quiet, or gone.
        }
    }
}
