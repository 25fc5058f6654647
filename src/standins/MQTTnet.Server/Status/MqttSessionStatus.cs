using System.Collections;

namespace MQTTnet.Server;

/// <summary>A look at one session, whether its client is connected or not.</summary>
public sealed class MqttSessionStatus
{
    private readonly MqttServer _server;
    private readonly MqttServerSession _session;

    internal MqttSessionStatus(MqttServer server, MqttServerSession session)
    {
        _server = server;
        _session = session;
    }

    public DateTime CreatedTimestamp => _session.Created.UtcDateTime;

    public DateTime? DisconnectedTimestamp => _session.Disconnected?.UtcDateTime;

    /// <summary>Seconds.</summary>
    public uint ExpiryInterval => _session.ExpirySeconds;

    public string Id => _session.Id;

    public IDictionary Items => _session.Items;

    /// <summary>Messages that wait, and those that were sent and are not yet acknowledged.</summary>
    public long PendingApplicationMessagesCount => _session.PendingCount;

    /// <summary>Ends the session, and its connection where there is one.</summary>
    public async Task DeleteAsync()
    {
        if (_session.Connection is { } connection)
        {
            await MqttServer.DisconnectAsync(connection, new MqttServerClientDisconnectOptions()).ConfigureAwait(false);
        }

        await _server.DeleteSessionAsync(_session).ConfigureAwait(false);
    }
}
