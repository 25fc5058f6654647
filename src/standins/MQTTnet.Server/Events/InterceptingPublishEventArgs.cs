using System.Collections;

namespace MQTTnet.Server;

/// <summary>
/// A publish on its way in. The publisher is acknowledged when the handler's task has completed. Handlers of one connection are started
/// in the order of arrival and may overlap, up to the receive maximum; acknowledgements leave in the order of arrival.
/// </summary>
public sealed class InterceptingPublishEventArgs : EventArgs
{
    public InterceptingPublishEventArgs(MqttApplicationMessage applicationMessage, string clientId, string? userName, IDictionary sessionItems, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(applicationMessage);
        ArgumentNullException.ThrowIfNull(clientId);
        ArgumentNullException.ThrowIfNull(sessionItems);
        ApplicationMessage = applicationMessage;
        CancellationToken = cancellationToken;
        ClientId = clientId;
        UserName = userName;
        SessionItems = sessionItems;
    }

    public MqttApplicationMessage ApplicationMessage { get; set; }

    /// <summary>Cancelled when the publisher's connection ends.</summary>
    public CancellationToken CancellationToken { get; }

    public string ClientId { get; }

    public bool CloseConnection { get; set; }

    /// <summary>Whether the server hands the message to subscribers and keeps it where it is retained.</summary>
    public bool ProcessPublish { get; set; } = true;

    public PublishResponse Response { get; } = new();

    public IDictionary SessionItems { get; }

    public string? UserName { get; }
}
