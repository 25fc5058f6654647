using System.Collections;
using System.Net;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace MQTTnet.Server;

public sealed class ClientConnectedEventArgs : EventArgs
{
    private readonly MqttConnectPacket _connect;

    internal ClientConnectedEventArgs(MqttConnectPacket connect, EndPoint? remoteEndPoint, IDictionary sessionItems)
    {
        _connect = connect;
        RemoteEndPoint = remoteEndPoint;
        SessionItems = sessionItems;
    }

    public ReadOnlyMemory<byte> AuthenticationData => _connect.Properties?.AuthenticationData ?? default;

    public string? AuthenticationMethod => _connect.Properties?.AuthenticationMethod;

    public string ClientId => _connect.ClientId;

    public string? Password => _connect.Password is null ? null : Encoding.UTF8.GetString(_connect.Password);

    public MqttProtocolVersion ProtocolVersion => _connect.ProtocolVersion;

    public EndPoint? RemoteEndPoint { get; }

    public IDictionary SessionItems { get; }

    public string? UserName => _connect.Username;

    public List<MqttUserProperty>? UserProperties => _connect.Properties?.UserProperties;
}
