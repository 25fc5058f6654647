using System.Net;
using MQTTnet.Formatter;

namespace MQTTnet.Server;

/// <summary>A look at one connected client. The counters are those of the moment of the call.</summary>
public sealed class MqttClientStatus
{
    private readonly MqttServer _server;
    private readonly MqttConnection _connection;

    internal MqttClientStatus(MqttServer server, MqttConnection connection)
    {
        _server = server;
        _connection = connection;
        Session = new MqttSessionStatus(server, connection.Session);
    }

    public long BytesReceived => _connection.BytesReceived;

    public long BytesSent => _connection.Sender.BytesSent;

    public DateTime ConnectedTimestamp => _connection.Connected.UtcDateTime;

    public string Id => _connection.Session.Id;

    public DateTime LastNonKeepAlivePacketReceivedTimestamp => ToTime(_connection.LastNonKeepAlivePacketTimestamp);

    public DateTime LastPacketReceivedTimestamp => ToTime(_connection.LastPacketTimestamp);

    public MqttProtocolVersion ProtocolVersion => _connection.Connect.ProtocolVersion;

    public long ReceivedApplicationMessagesCount => _connection.MessagesReceived;

    public long ReceivedPacketsCount => _connection.PacketsReceived;

    public EndPoint? RemoteEndPoint => _connection.Transport.RemoteEndPoint;

    public long SentApplicationMessagesCount => _connection.MessagesSent;

    public long SentPacketsCount => _connection.Sender.PacketsSent;

    public MqttSessionStatus Session { get; set; }

    public Task DisconnectAsync(MqttServerClientDisconnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return MqttServer.DisconnectAsync(_connection, options);
    }

    private DateTime ToTime(long timestamp) => (_server.Clock.GetUtcNow() - _server.Clock.GetElapsedTime(timestamp)).UtcDateTime;
}
