using MQTTnet.Packets;

namespace MQTTnet.Formatter;

/// <summary>Which packet may carry which property (MQTT 5.0, table 2-4), as bit sets over the identifiers (all below 64).</summary>
internal static class MqttPropertyRules
{
    public const ulong Will = Message | 1UL << (int)MqttPropertyId.WillDelayInterval;

    private const ulong User = 1UL << (int)MqttPropertyId.UserProperty;

    private const ulong Answer = User | 1UL << (int)MqttPropertyId.ReasonString;

    private const ulong Authentication = 1UL << (int)MqttPropertyId.AuthenticationMethod | 1UL << (int)MqttPropertyId.AuthenticationData;

    private const ulong Message = User | 1UL << (int)MqttPropertyId.PayloadFormatIndicator | 1UL << (int)MqttPropertyId.MessageExpiryInterval
        | 1UL << (int)MqttPropertyId.ContentType | 1UL << (int)MqttPropertyId.ResponseTopic | 1UL << (int)MqttPropertyId.CorrelationData;

    private const ulong Limits = 1UL << (int)MqttPropertyId.SessionExpiryInterval | 1UL << (int)MqttPropertyId.ReceiveMaximum
        | 1UL << (int)MqttPropertyId.MaximumPacketSize | 1UL << (int)MqttPropertyId.TopicAliasMaximum;

    public static ulong For(MqttPacketType type) => type switch
    {
        MqttPacketType.Connect => User | Limits | Authentication | 1UL << (int)MqttPropertyId.RequestProblemInformation
            | 1UL << (int)MqttPropertyId.RequestResponseInformation,
        MqttPacketType.ConnAck => Answer | Limits | Authentication | 1UL << (int)MqttPropertyId.MaximumQoS | 1UL << (int)MqttPropertyId.RetainAvailable
            | 1UL << (int)MqttPropertyId.AssignedClientIdentifier | 1UL << (int)MqttPropertyId.WildcardSubscriptionAvailable
            | 1UL << (int)MqttPropertyId.SubscriptionIdentifierAvailable | 1UL << (int)MqttPropertyId.SharedSubscriptionAvailable
            | 1UL << (int)MqttPropertyId.ServerKeepAlive | 1UL << (int)MqttPropertyId.ResponseInformation | 1UL << (int)MqttPropertyId.ServerReference,
        MqttPacketType.Publish => Message | 1UL << (int)MqttPropertyId.TopicAlias | 1UL << (int)MqttPropertyId.SubscriptionIdentifier,
        MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubRel or MqttPacketType.PubComp or MqttPacketType.SubAck
            or MqttPacketType.UnsubAck => Answer,
        MqttPacketType.Subscribe => User | 1UL << (int)MqttPropertyId.SubscriptionIdentifier,
        MqttPacketType.Unsubscribe => User,
        MqttPacketType.Disconnect => Answer | 1UL << (int)MqttPropertyId.SessionExpiryInterval | 1UL << (int)MqttPropertyId.ServerReference,
        MqttPacketType.Auth => Answer | Authentication,
        _ => 0,
    };
}
