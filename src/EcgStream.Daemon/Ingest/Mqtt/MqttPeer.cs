using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Why the broker ends a connection.</summary>
internal sealed record MqttCut(MqttDisconnectReasonCode Reason, string Message);

internal sealed class MqttCutException(MqttCut cut) : Exception(cut.Message)
{
    public MqttCut Cut { get; } = cut;
}

/// <summary>
/// What client and server have agreed on in CONNECT and CONNACK, and what MQTTnet's server leaves to its user: an id for a client without one, the
/// receive maximum, packet sizes and aliases of MQTT 5, a limit to the keep-alive. The reader receives; any thread sends.
/// </summary>
internal sealed class MqttPeer
{
    /// <summary>A gateway has one for each of its devices.</summary>
    public const ushort TopicAliasMaximum = 1024;

    /// <summary>MQTT 5 clients are told to send something this often, so that one that is gone is noticed.</summary>
    private const ushort LongestKeepAliveSeconds = 60;

    private readonly MqttIngestOptions _options;
    private readonly bool _idAssigned;
    private readonly bool _keepAliveShortened;
    private readonly uint _maxPacketBytes;
    private readonly bool _tellsReasons;
    private Dictionary<ushort, string>? _aliases;
    private int _underWay;

    public MqttPeer(MqttConnectPacket connect, MqttProtocolVersion version, MqttIngestOptions options)
    {
        _options = options;
        IsVersion5 = version == MqttProtocolVersion.V500;
        if (string.IsNullOrEmpty(connect.ClientId) && (IsVersion5 || connect.CleanSession))
        {
            connect.ClientId = $"auto-{Guid.NewGuid():N}";
            _idAssigned = true;
        }

        if (IsVersion5 && connect.KeepAlivePeriod is 0 or > LongestKeepAliveSeconds)
        {
            connect.KeepAlivePeriod = LongestKeepAliveSeconds;
            _keepAliveShortened = true;
        }

        ClientId = connect.ClientId ?? "";
        _maxPacketBytes = IsVersion5 ? connect.MaximumPacketSize : 0;
        _tellsReasons = IsVersion5 && connect.RequestProblemInformation && _maxPacketBytes is 0 or > 1024;
    }

    public string ClientId { get; }

    public bool IsVersion5 { get; }

    /// <summary>Whether CONNACK has let it in.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>Whether the receive maximum bounds such publishes.</summary>
    public bool Counts(MqttQualityOfServiceLevel qos) => IsVersion5 && qos > MqttQualityOfServiceLevel.AtMostOnce;

    /// <summary>Counts a publish of the client's, and gives it its topic where it has an alias only.</summary>
    /// <exception cref="MqttCutException">More are unanswered than were announced, or the alias is none.</exception>
    public void Receive(MqttPublishPacket publish)
    {
        if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.ExactlyOnce)
        {
            throw Cut(MqttDisconnectReasonCode.MalformedPacket, "A publish of QoS 3.");
        }

        if (Counts(publish.QualityOfServiceLevel) && Interlocked.Increment(ref _underWay) > _options.ReceiveMaximum)
        {
            throw Cut(MqttDisconnectReasonCode.ReceiveMaximumExceeded, FormattableString.Invariant($"More than {_options.ReceiveMaximum} publishes are unanswered."));
        }

        if (publish.TopicAlias > TopicAliasMaximum)
        {
            throw Cut(MqttDisconnectReasonCode.TopicAliasInvalid, FormattableString.Invariant($"Topic alias {publish.TopicAlias}; at most {TopicAliasMaximum} was announced."));
        }

        if (publish.TopicAlias > 0 && !string.IsNullOrEmpty(publish.Topic))
        {
            (_aliases ??= [])[publish.TopicAlias] = publish.Topic;
        }
        else if (string.IsNullOrEmpty(publish.Topic))
        {
            publish.Topic = _aliases?.GetValueOrDefault(publish.TopicAlias)
                ?? throw Cut(MqttDisconnectReasonCode.ProtocolError, "A publish without a topic or a known alias.");
        }
    }

    /// <summary>Completes what MQTTnet sends. False where the client said that it takes no packet of that size: such a message counts as delivered.</summary>
    public bool Prepare(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success } welcome:
                IsAccepted = true;
                if (IsVersion5)
                {
                    welcome.AssignedClientIdentifier = _idAssigned ? ClientId : null;
                    welcome.ReceiveMaximum = (ushort)_options.ReceiveMaximum;
                    welcome.MaximumPacketSize = (uint)_options.MaxPacketBytes;
                    welcome.TopicAliasMaximum = TopicAliasMaximum;
                    welcome.ServerKeepAlive = _keepAliveShortened ? LongestKeepAliveSeconds : (ushort)0;
                }

                return true;
            case MqttPubAckPacket or MqttPubCompPacket or MqttPubRecPacket { ReasonCode: >= MqttPubRecReasonCode.UnspecifiedError }:
                Release();
                return true;
            case MqttPublishPacket publish when _maxPacketBytes > 0:
                return publish.Payload.Length + publish.Topic.Length + 7 <= _maxPacketBytes;
            default:
                return true;
        }
    }

    /// <returns>The packet that refuses a publish; null where four bytes acknowledge it, as MQTT 3.1.1 always does.</returns>
    public MqttPacket? ToPacket(MqttPendingPublish answered)
    {
        if (!IsVersion5 || answered.Refusal is not { } refusal)
        {
            if (answered.Qos == MqttQualityOfServiceLevel.AtLeastOnce)
            {
                Release();
            }

            return null; // of QoS 2 the client's PUBREL and MQTTnet's PUBCOMP follow
        }

        Release();
        var code = MqttRefusals.ToReasonCode(refusal.Reason);
        return answered.Qos == MqttQualityOfServiceLevel.AtLeastOnce
            ? new MqttPubAckPacket { PacketIdentifier = answered.PacketId, ReasonCode = code, ReasonString = Tellable(refusal.Message) }
            : new MqttPubRecPacket { PacketIdentifier = answered.PacketId, ReasonCode = (MqttPubRecReasonCode)code, ReasonString = Tellable(refusal.Message) };
    }

    public string? Tellable(string reason) => !_tellsReasons ? null : reason.Length <= 512 ? reason : reason[..512];

    /// <summary>Not below 0: after a reconnect a client may complete what it published on the connection before.</summary>
    private void Release()
    {
        if (IsVersion5 && Interlocked.Decrement(ref _underWay) < 0)
        {
            Interlocked.Increment(ref _underWay);
        }
    }

    private static MqttCutException Cut(MqttDisconnectReasonCode reason, string message) => new(new MqttCut(reason, message));
}
