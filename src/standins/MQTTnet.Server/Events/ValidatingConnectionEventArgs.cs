using System.Collections;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>A client asks to connect; a <see cref="ReasonCode"/> other than success refuses it.</summary>
public sealed class ValidatingConnectionEventArgs : EventArgs
{
    private readonly MqttConnectPacket _connect;
    private readonly MqttTransport _transport;

    internal ValidatingConnectionEventArgs(MqttConnectPacket connect, MqttTransport transport, IDictionary sessionItems, CancellationToken cancellationToken)
    {
        _connect = connect;
        _transport = transport;
        SessionItems = sessionItems;
        CancellationToken = cancellationToken;
    }

    /// <summary>The id that the client is to use instead of the empty one that it sent. MQTT 5.0 only.</summary>
    public string? AssignedClientIdentifier { get; set; }

    public ReadOnlyMemory<byte> AuthenticationData => _connect.Properties?.AuthenticationData ?? default;

    public string? AuthenticationMethod => _connect.Properties?.AuthenticationMethod;

    public CancellationToken CancellationToken { get; }

    public bool? CleanSession => _connect.CleanSession;

    public X509Certificate2? ClientCertificate => _transport.ClientCertificate;

    public string ClientId => _connect.ClientId;

    public bool IsSecureConnection => _transport.IsSecure;

    /// <summary>Seconds; 0 = none.</summary>
    public ushort? KeepAlivePeriod => _connect.KeepAliveSeconds;

    public uint MaximumPacketSize => _connect.Properties?.MaximumPacketSize ?? 0;

    public string? Password => _connect.Password is null ? null : Encoding.UTF8.GetString(_connect.Password);

    public MqttProtocolVersion ProtocolVersion => _connect.ProtocolVersion;

    public ReadOnlyMemory<byte> RawPassword => _connect.Password;

    /// <summary>Below MQTT 5.0 it is mapped onto the nearest of that version's return codes.</summary>
    public MqttConnectReasonCode ReasonCode { get; set; } = MqttConnectReasonCode.Success;

    public string? ReasonString { get; set; }

    public ushort ReceiveMaximum => _connect.Properties?.ReceiveMaximum ?? 0;

    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    public bool RequestProblemInformation => _connect.Properties?.RequestProblemInformation ?? true;

    public bool RequestResponseInformation => _connect.Properties?.RequestResponseInformation ?? false;

    public byte[]? ResponseAuthenticationData { get; set; }

    public List<MqttUserProperty>? ResponseUserProperties { get; set; }

    public string? ServerReference { get; set; }

    /// <summary>Seconds.</summary>
    public uint SessionExpiryInterval => _connect.Properties?.SessionExpiryInterval ?? 0;

    public IDictionary SessionItems { get; }

    public ushort TopicAliasMaximum => _connect.Properties?.TopicAliasMaximum ?? 0;

    public string? UserName => _connect.Username;

    public List<MqttUserProperty>? UserProperties => _connect.Properties?.UserProperties;

    /// <summary>Seconds.</summary>
    public uint WillDelayInterval => _connect.Will?.DelaySeconds ?? 0;
}
