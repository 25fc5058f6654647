namespace MQTTnet;

/// <summary>
/// One connection to an MQTT server at a time. Every member may be called from any thread; publishes may overlap, up to the server's
/// receive maximum.
/// </summary>
public interface IMqttClient : IDisposable
{
    /// <summary>Handlers are awaited one message after the other, in the order of arrival.</summary>
    event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync;

    event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync;

    event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync;

    event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync;

    bool IsConnected { get; }

    MqttClientOptions? Options { get; }

    /// <summary>A refusal by the server is returned, not thrown.</summary>
    /// <exception cref="Exceptions.MqttCommunicationException">The server could not be reached or did not answer.</exception>
    Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default);

    Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default);

    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>Completes when the message is written (QoS 0), acknowledged (QoS 1) or its handshake finished (QoS 2).</summary>
    /// <exception cref="Exceptions.MqttCommunicationException">The connection ended or timed out first; whether the server has the message is unknown.</exception>
    Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default);

    Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default);

    Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default);
}
