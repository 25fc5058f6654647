namespace MQTTnet.Server;

/// <summary>A message that a client was sent and has not finished acknowledging.</summary>
internal sealed class MqttInflightMessage(MqttOutboundMessage message, long order)
{
    public MqttOutboundMessage Message { get; } = message;

    /// <summary>Position among all messages of the session, for sending again in the original order (4.6).</summary>
    public long Order { get; } = order;

    /// <summary>QoS 2: PUBREC has come, PUBREL has gone out.</summary>
    public bool IsReleased { get; set; }
}
