using System.Collections;
using System.Net;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

public sealed class ClientDisconnectedEventArgs : EventArgs
{
    private readonly MqttConnectPacket _connect;
    private readonly MqttDisconnectPacket? _disconnect;

    internal ClientDisconnectedEventArgs(
        MqttConnectPacket connect, MqttDisconnectPacket? disconnect, byte? serverReason, MqttClientDisconnectType disconnectType, EndPoint? remoteEndPoint, IDictionary sessionItems)
    {
        _connect = connect;
        _disconnect = disconnect;
        ReasonCode = (MqttDisconnectReasonCode?)(disconnect?.ReasonCode ?? serverReason);
        DisconnectType = disconnectType;
        RemoteEndPoint = remoteEndPoint;
        SessionItems = sessionItems;
    }

    public string ClientId => _connect.ClientId;

    public MqttClientDisconnectType DisconnectType { get; }

    /// <summary>What the client gave as its reason, or for which the server cut it; null where the network ended it.</summary>
    public MqttDisconnectReasonCode? ReasonCode { get; }

    public string? ReasonString => _disconnect?.Properties?.ReasonString;

    public EndPoint? RemoteEndPoint { get; }

    public uint SessionExpiryInterval => _disconnect?.Properties?.SessionExpiryInterval ?? 0;

    public IDictionary SessionItems { get; }

    public string? UserName => _connect.Username;

    public List<MqttUserProperty>? UserProperties => _disconnect?.Properties?.UserProperties;
}
