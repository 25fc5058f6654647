using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace MQTTnet.Internal;

internal static class MqttConnectPacketFactory
{
    public static MqttConnectPacket Create(MqttClientOptions options)
    {
        var packet = new MqttConnectPacket
        {
            ProtocolVersion = options.ProtocolVersion,
            TryPrivate = options.TryPrivate,
            CleanSession = options.CleanSession,
            ClientId = options.ClientId ?? string.Empty,
            KeepAliveSeconds = (ushort)Math.Ceiling(options.KeepAlivePeriod.TotalSeconds),
            Username = options.Credentials?.GetUserName(options),
            Password = options.Credentials?.GetPassword(options),
        };
        var isV5 = options.ProtocolVersion == MqttProtocolVersion.V500;
        if (isV5)
        {
            packet.Properties = new MqttProperties
            {
                MaximumPacketSize = options.MaximumPacketSize > 0 ? options.MaximumPacketSize : null,
                ReceiveMaximum = options.ReceiveMaximum > 0 ? options.ReceiveMaximum : null,
                RequestProblemInformation = options.RequestProblemInformation ? null : false,
                RequestResponseInformation = options.RequestResponseInformation ? true : null,
                SessionExpiryInterval = options.SessionExpiryInterval > 0 ? options.SessionExpiryInterval : null,
                TopicAliasMaximum = options.TopicAliasMaximum > 0 ? options.TopicAliasMaximum : null,
                UserProperties = options.UserProperties is { Count: > 0 } ? options.UserProperties : null,
            };
        }

        if (options.WillTopic is not null)
        {
            packet.Will = new MqttWill
            {
                Topic = options.WillTopic,
                Payload = options.WillPayload ?? [],
                QualityOfServiceLevel = options.WillQualityOfServiceLevel,
                Retain = options.WillRetain,
                Properties = !isV5 ? null : new MqttProperties
                {
                    WillDelayInterval = options.WillDelayInterval > 0 ? options.WillDelayInterval : null,
                    PayloadFormatIndicator = options.WillPayloadFormatIndicator > 0 ? (byte)options.WillPayloadFormatIndicator : null,
                    MessageExpiryInterval = options.WillMessageExpiryInterval > 0 ? options.WillMessageExpiryInterval : null,
                    ContentType = options.WillContentType,
                    ResponseTopic = options.WillResponseTopic,
                    CorrelationData = options.WillCorrelationData is { Length: > 0 } data ? data : (ReadOnlyMemory<byte>?)null,
                    UserProperties = options.WillUserProperties is { Count: > 0 } ? options.WillUserProperties : null,
                },
            };
        }

        return packet;
    }
}
