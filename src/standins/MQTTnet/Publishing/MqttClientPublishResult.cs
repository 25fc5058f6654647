using MQTTnet.Packets;

namespace MQTTnet;

public sealed class MqttClientPublishResult
{
    public MqttClientPublishResult(
        ushort? packetIdentifier, MqttClientPublishReasonCode reasonCode, string? reasonString, IReadOnlyCollection<MqttUserProperty> userProperties)
    {
        PacketIdentifier = packetIdentifier;
        ReasonCode = reasonCode;
        ReasonString = reasonString;
        UserProperties = userProperties;
    }

    /// <summary>Also where nobody had subscribed: the server has the message all the same.</summary>
    public bool IsSuccess => ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers;

    /// <summary>Null for QoS 0.</summary>
    public ushort? PacketIdentifier { get; }

    public MqttClientPublishReasonCode ReasonCode { get; }

    public string? ReasonString { get; }

    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }
}
