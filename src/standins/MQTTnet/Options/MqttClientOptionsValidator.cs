using MQTTnet.Formatter;

namespace MQTTnet;

/// <summary>Refuses what the chosen protocol version cannot say, instead of leaving it out in silence.</summary>
internal static class MqttClientOptionsValidator
{
    public static void ThrowIfNotSupported(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.KeepAlivePeriod < TimeSpan.Zero || options.KeepAlivePeriod.TotalSeconds > ushort.MaxValue)
        {
            throw new NotSupportedException($"The keep-alive period of {options.KeepAlivePeriod} does not fit the protocol's 0 to 65,535 seconds.");
        }

        if (options.WillTopic is null && options.WillPayload is { Length: > 0 })
        {
            throw new NotSupportedException("A will payload is set and no will topic.");
        }

        if (options.WillTopic is not null && !MqttTopicRules.IsValidName(options.WillTopic.AsSpan()))
        {
            throw new NotSupportedException("The will topic is empty or holds a wildcard.");
        }

        if (options.ProtocolVersion == MqttProtocolVersion.V500)
        {
            return;
        }

        ThrowIf(options.MaximumPacketSize > 0, nameof(options.MaximumPacketSize));
        ThrowIf(options.ReceiveMaximum > 0, nameof(options.ReceiveMaximum));
        ThrowIf(options.RequestResponseInformation, nameof(options.RequestResponseInformation));
        ThrowIf(options.SessionExpiryInterval > 0, nameof(options.SessionExpiryInterval));
        ThrowIf(options.TopicAliasMaximum > 0, nameof(options.TopicAliasMaximum));
        ThrowIf(options.UserProperties is { Count: > 0 }, nameof(options.UserProperties));
        ThrowIf(options.WillContentType is not null, nameof(options.WillContentType));
        ThrowIf(options.WillCorrelationData is { Length: > 0 }, nameof(options.WillCorrelationData));
        ThrowIf(options.WillDelayInterval > 0, nameof(options.WillDelayInterval));
        ThrowIf(options.WillMessageExpiryInterval > 0, nameof(options.WillMessageExpiryInterval));
        ThrowIf(options.WillPayloadFormatIndicator != 0, nameof(options.WillPayloadFormatIndicator));
        ThrowIf(options.WillResponseTopic is not null, nameof(options.WillResponseTopic));
        ThrowIf(options.WillUserProperties is { Count: > 0 }, nameof(options.WillUserProperties));
    }

    public static void ThrowIfNotSupported(MqttApplicationMessage message, MqttProtocolVersion version)
    {
        if (version != MqttProtocolVersion.V500)
        {
            ThrowIf(message.ContentType is not null, nameof(message.ContentType));
            ThrowIf(message.ResponseTopic is not null, nameof(message.ResponseTopic));
            ThrowIf(message.CorrelationData is { Length: > 0 }, nameof(message.CorrelationData));
            ThrowIf(message.MessageExpiryInterval > 0, nameof(message.MessageExpiryInterval));
            ThrowIf(message.PayloadFormatIndicator != 0, nameof(message.PayloadFormatIndicator));
            ThrowIf(message.TopicAlias > 0, nameof(message.TopicAlias));
            ThrowIf(message.UserProperties is { Count: > 0 }, nameof(message.UserProperties));
        }
    }

    public static void ThrowIf(bool isUsed, string name)
    {
        if (isUsed)
        {
            throw new NotSupportedException($"{name} needs MQTT 5.0.");
        }
    }
}
