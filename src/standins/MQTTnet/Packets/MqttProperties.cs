using MQTTnet.Protocol;

namespace MQTTnet.Packets;

/// <summary>
/// Every property of MQTT 5.0, absent ones null. Which packet may carry which is <see cref="Formatter.MqttPropertyRules"/>' business.
/// </summary>
internal sealed class MqttProperties
{
    public byte? PayloadFormatIndicator { get; set; }

    public uint? MessageExpiryInterval { get; set; }

    public string? ContentType { get; set; }

    public string? ResponseTopic { get; set; }

    public ReadOnlyMemory<byte>? CorrelationData { get; set; }

    public List<uint>? SubscriptionIdentifiers { get; set; }

    public uint? SessionExpiryInterval { get; set; }

    public string? AssignedClientIdentifier { get; set; }

    public ushort? ServerKeepAlive { get; set; }

    public string? AuthenticationMethod { get; set; }

    public ReadOnlyMemory<byte>? AuthenticationData { get; set; }

    public bool? RequestProblemInformation { get; set; }

    public uint? WillDelayInterval { get; set; }

    public bool? RequestResponseInformation { get; set; }

    public string? ResponseInformation { get; set; }

    public string? ServerReference { get; set; }

    public string? ReasonString { get; set; }

    public ushort? ReceiveMaximum { get; set; }

    public ushort? TopicAliasMaximum { get; set; }

    public ushort? TopicAlias { get; set; }

    public byte? MaximumQoS { get; set; }

    public bool? RetainAvailable { get; set; }

    public List<MqttUserProperty>? UserProperties { get; set; }

    public uint? MaximumPacketSize { get; set; }

    public bool? WildcardSubscriptionAvailable { get; set; }

    public bool? SubscriptionIdentifiersAvailable { get; set; }

    public bool? SharedSubscriptionAvailable { get; set; }

    /// <summary>The properties of a PUBLISH for the message, or null where it needs none.</summary>
    public static MqttProperties? FromMessage(MqttApplicationMessage message)
    {
        if (message.PayloadFormatIndicator == MqttPayloadFormatIndicator.Unspecified && message.MessageExpiryInterval == 0 && message.ContentType is null
            && message.ResponseTopic is null && message.CorrelationData is not { Length: > 0 } && message.UserProperties is not { Count: > 0 })
        {
            return null;
        }

        return new MqttProperties
        {
            PayloadFormatIndicator = message.PayloadFormatIndicator == MqttPayloadFormatIndicator.Unspecified ? null : (byte)message.PayloadFormatIndicator,
            MessageExpiryInterval = message.MessageExpiryInterval == 0 ? null : message.MessageExpiryInterval,
            ContentType = message.ContentType,
            ResponseTopic = message.ResponseTopic,
            // The cast matters: a bare null would become an empty, present value by way of byte[].
            CorrelationData = message.CorrelationData is { Length: > 0 } data ? data : (ReadOnlyMemory<byte>?)null,
            UserProperties = message.UserProperties is { Count: > 0 } ? message.UserProperties : null,
        };
    }

    public void CopyTo(MqttApplicationMessage message)
    {
        message.PayloadFormatIndicator = (MqttPayloadFormatIndicator)(PayloadFormatIndicator ?? 0);
        message.MessageExpiryInterval = MessageExpiryInterval ?? 0;
        message.ContentType = ContentType;
        message.ResponseTopic = ResponseTopic;
        message.CorrelationData = CorrelationData?.ToArray();
        message.SubscriptionIdentifiers = SubscriptionIdentifiers;
        message.TopicAlias = TopicAlias ?? 0;
        message.UserProperties = UserProperties;
    }
}
