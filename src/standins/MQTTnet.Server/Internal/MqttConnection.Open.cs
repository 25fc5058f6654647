using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>From the first byte to CONNACK.</summary>
internal sealed partial class MqttConnection
{
    private async Task<MqttServerSession?> OpenAsync()
    {
        if (await ReceiveConnectAsync().ConfigureAwait(false) is not { } connect)
        {
            return null;
        }

        Connect = connect;
        Sender.Version = connect.ProtocolVersion;
        _decoder.MaximumPacketSize = MqttServerLimits.MaximumPacketSize;
        if (connect.ClientId.Length == 0 && !IsV5 && !connect.CleanSession)
        {
            Refuse(MqttConnectReasonCode.ClientIdentifierNotValid, null);
            return null;
        }

        var items = new System.Collections.Concurrent.ConcurrentDictionary<object, object>();
        var args = new ValidatingConnectionEventArgs(connect, _transport, items, Ended);
        if (connect.Properties?.AuthenticationMethod is not null)
        {
            // Enhanced authentication is outside the subset: said at once instead of a handshake that cannot end.
            args.ReasonCode = MqttConnectReasonCode.BadAuthenticationMethod;
            args.ReasonString = "This server does not support enhanced authentication.";
        }
        else
        {
            try
            {
                await _server.ValidatingConnectionEvent.InvokeAsync(args).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _server.Log.Error("A handler of ValidatingConnectionAsync failed; the client is refused.", exception);
                args.ReasonCode = MqttConnectReasonCode.UnspecifiedError;
            }
        }

        if (args.ReasonCode != MqttConnectReasonCode.Success)
        {
            Refuse(args.ReasonCode, args);
            return null;
        }

        var assigned = connect.ClientId.Length == 0 ? args.AssignedClientIdentifier ?? "auto-" + Guid.NewGuid().ToString("N") : null;
        connect.ClientId = assigned ?? connect.ClientId;
        KeepAliveSeconds = IsV5 && connect.KeepAliveSeconds is 0 or > MqttServerLimits.MaximumKeepAliveSeconds
            ? MqttServerLimits.MaximumKeepAliveSeconds
            : connect.KeepAliveSeconds;
        if (connect.Properties?.TopicAliasMaximum is > 0 and var aliases)
        {
            _outboundAliases = new MqttTopicAliasBook(Math.Min(aliases, MqttServerLimits.OutboundTopicAliases));
        }

        SendWindow = Math.Min((int)(connect.Properties?.ReceiveMaximum ?? ushort.MaxValue), MqttServerLimits.MaximumInflight);
        var (session, isPresent) = await _server.OpenSessionAsync(this, items).ConfigureAwait(false);
        if (Volatile.Read(ref _isClosing) != 0)
        {
            return null;
        }

        Session = session;
        Sender.Write(new MqttConnAckPacket { IsSessionPresent = isPresent, Properties = CreateConnAckProperties(args, assigned) });
        session.Resend(this);
        session.Attach(this);
        Sender.Flush();
        await _server.RaiseAsync(_server.ClientConnectedEvent, new ClientConnectedEventArgs(connect, _transport.RemoteEndPoint, session.Items)).ConfigureAwait(false);
        SchedulePump();
        return session;
    }

    private async Task<MqttConnectPacket?> ReceiveConnectAsync()
    {
        using var timeout = new CancellationTokenSource(_server.Options.DefaultCommunicationTimeout, _server.Clock);
        while (true)
        {
            var result = await _transport.Input.ReadAsync(timeout.Token).ConfigureAwait(false);
            var rest = result.Buffer;
            var status = _decoder.TryDecode(ref rest, out var packet);
            BytesReceived += result.Buffer.Length - rest.Length;
            _transport.Input.AdvanceTo(rest.Start, status == MqttDecodeStatus.NeedMoreData ? rest.End : rest.Start);
            if (status == MqttDecodeStatus.Packet)
            {
                PacketsReceived++;
                LastPacketTimestamp = LastNonKeepAlivePacketTimestamp = _server.Clock.GetTimestamp();
                return (MqttConnectPacket)packet!;
            }

            if (status == MqttDecodeStatus.Failed)
            {
                if (_decoder.FailureReason == (byte)MqttConnectReasonCode.UnsupportedProtocolVersion)
                {
                    // The form that every version understands.
                    Sender.Version = MqttProtocolVersion.V311;
                    Sender.Write(new MqttConnAckPacket { Code = 1 });
                }

                return null;
            }

            if (result.IsCompleted || result.IsCanceled)
            {
                return null;
            }
        }
    }

    private void Refuse(MqttConnectReasonCode reason, ValidatingConnectionEventArgs? args)
    {
        var packet = new MqttConnAckPacket { Code = IsV5 ? (byte)reason : ToReturnCode(reason) };
        if (args is not null)
        {
            packet.Properties = MqttExplanation.For(Connect, args.ReasonString, args.ResponseUserProperties, args.ServerReference?.Length ?? 0, isForEveryClient: true);
            if (args.ServerReference is not null)
            {
                (packet.Properties ??= new MqttProperties()).ServerReference = args.ServerReference;
            }
        }

        Sender.Write(packet);
    }

    private static byte ToReturnCode(MqttConnectReasonCode reason) => reason switch
    {
        MqttConnectReasonCode.UnsupportedProtocolVersion => 1,
        MqttConnectReasonCode.ClientIdentifierNotValid => 2,
        MqttConnectReasonCode.ServerUnavailable or MqttConnectReasonCode.ServerBusy or MqttConnectReasonCode.ServerMoved
            or MqttConnectReasonCode.UseAnotherServer or MqttConnectReasonCode.UnspecifiedError => 3,
        MqttConnectReasonCode.BadUserNameOrPassword => 4,
        _ => 5,
    };

    private MqttProperties? CreateConnAckProperties(ValidatingConnectionEventArgs args, string? assignedId)
    {
        if (!IsV5)
        {
            return null;
        }

        var explanation = MqttExplanation.For(Connect, args.ReasonString, args.ResponseUserProperties, 64 + (assignedId?.Length ?? 0), isForEveryClient: true);
        var asked = Connect.Properties?.SessionExpiryInterval ?? 0;
        return new MqttProperties
        {
            AssignedClientIdentifier = assignedId,
            MaximumPacketSize = MqttServerLimits.MaximumPacketSize,
            ReceiveMaximum = MqttServerLimits.ReceiveMaximum,
            TopicAliasMaximum = MqttServerLimits.TopicAliasMaximum,
            SessionExpiryInterval = Session.ExpirySeconds == asked ? null : Session.ExpirySeconds,
            ServerKeepAlive = KeepAliveSeconds == Connect.KeepAliveSeconds ? null : KeepAliveSeconds,
            ReasonString = explanation?.ReasonString,
            UserProperties = explanation?.UserProperties,
        };
    }
}
