using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>
/// A received message. With <see cref="AutoAcknowledge"/> set to false inside the handler, the message counts as taken only when
/// <see cref="AcknowledgeAsync"/> is called, from any thread and at any later time; the server's receive window bounds how many may wait.
/// </summary>
public sealed class MqttApplicationMessageReceivedEventArgs : EventArgs
{
    private readonly Func<MqttApplicationMessageReceivedEventArgs, CancellationToken, Task> _acknowledge;
    private int _isAcknowledged;

    internal MqttApplicationMessageReceivedEventArgs(
        string clientId,
        MqttApplicationMessage applicationMessage,
        ushort packetIdentifier,
        Func<MqttApplicationMessageReceivedEventArgs, CancellationToken, Task> acknowledge)
    {
        ClientId = clientId;
        ApplicationMessage = applicationMessage;
        PacketIdentifier = packetIdentifier;
        _acknowledge = acknowledge;
    }

    public MqttApplicationMessage ApplicationMessage { get; }

    public bool AutoAcknowledge { get; set; } = true;

    public string ClientId { get; }

    /// <summary>For the handlers' own use.</summary>
    public bool IsHandled { get; set; }

    /// <summary>0 for QoS 0.</summary>
    public ushort PacketIdentifier { get; internal set; }

    /// <summary>True leaves the message unacknowledged, so that the server sends it again to the resumed session.</summary>
    public bool ProcessingFailed { get; set; }

    /// <summary>What the server is answered. MQTT 5.0 only.</summary>
    public MqttApplicationMessageReceivedReasonCode ReasonCode { get; set; } = MqttApplicationMessageReceivedReasonCode.Success;

    /// <summary>MQTT 5.0 only.</summary>
    public string? ResponseReasonString { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public List<MqttUserProperty> ResponseUserProperties { get; } = [];

    /// <summary>For the handlers' own use.</summary>
    public object? Tag { get; set; }

    /// <exception cref="InvalidOperationException">The message was acknowledged before.</exception>
    public Task AcknowledgeAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _isAcknowledged, 1) == 0
            ? _acknowledge(this, cancellationToken)
            : throw new InvalidOperationException("The application message is already acknowledged.");
}
