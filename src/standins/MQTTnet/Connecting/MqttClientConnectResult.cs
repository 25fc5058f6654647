using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>The server's answer to a connection attempt. All but the result code and the session flag need MQTT 5.0.</summary>
public sealed class MqttClientConnectResult
{
    public string? AssignedClientIdentifier { get; init; }

    public byte[]? AuthenticationData { get; init; }

    public string? AuthenticationMethod { get; init; }

    public bool IsSessionPresent { get; init; }

    public uint? MaximumPacketSize { get; init; }

    public MqttQualityOfServiceLevel MaximumQoS { get; init; }

    public string? ReasonString { get; init; }

    public ushort? ReceiveMaximum { get; init; }

    public string? ResponseInformation { get; init; }

    public MqttClientConnectResultCode ResultCode { get; init; }

    public bool RetainAvailable { get; init; }

    /// <summary>Seconds; 0 where the server named none, and where it turned the keep-alive off.</summary>
    public ushort ServerKeepAlive { get; init; }

    public string? ServerReference { get; init; }

    public uint? SessionExpiryInterval { get; init; }

    public bool SharedSubscriptionAvailable { get; init; }

    public bool SubscriptionIdentifiersAvailable { get; init; }

    public ushort TopicAliasMaximum { get; init; }

    public List<MqttUserProperty>? UserProperties { get; init; }

    public bool WildcardSubscriptionAvailable { get; init; }

    internal static MqttClientConnectResult From(MqttConnAckPacket packet, bool isV5)
    {
        var p = packet.Properties;
        return new MqttClientConnectResult
        {
            ResultCode = isV5 ? (MqttClientConnectResultCode)packet.Code : FromReturnCode(packet.Code),
            IsSessionPresent = packet.IsSessionPresent,
            AssignedClientIdentifier = p?.AssignedClientIdentifier,
            AuthenticationData = p?.AuthenticationData?.ToArray(),
            AuthenticationMethod = p?.AuthenticationMethod,
            MaximumPacketSize = p?.MaximumPacketSize,
            MaximumQoS = (MqttQualityOfServiceLevel)(p?.MaximumQoS ?? 2),
            ReasonString = p?.ReasonString,
            ReceiveMaximum = p?.ReceiveMaximum,
            ResponseInformation = p?.ResponseInformation,
            RetainAvailable = p?.RetainAvailable ?? true,
            ServerKeepAlive = p?.ServerKeepAlive ?? 0,
            ServerReference = p?.ServerReference,
            SessionExpiryInterval = p?.SessionExpiryInterval,
            SharedSubscriptionAvailable = p?.SharedSubscriptionAvailable ?? isV5,
            SubscriptionIdentifiersAvailable = p?.SubscriptionIdentifiersAvailable ?? isV5,
            TopicAliasMaximum = p?.TopicAliasMaximum ?? 0,
            UserProperties = p?.UserProperties,
            WildcardSubscriptionAvailable = p?.WildcardSubscriptionAvailable ?? true,
        };
    }

    private static MqttClientConnectResultCode FromReturnCode(byte code) => code switch
    {
        0 => MqttClientConnectResultCode.Success,
        1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
        2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
        3 => MqttClientConnectResultCode.ServerUnavailable,
        4 => MqttClientConnectResultCode.BadUserNameOrPassword,
        _ => MqttClientConnectResultCode.NotAuthorized,
    };
}
