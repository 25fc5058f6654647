using MQTTnet.Packets;

namespace MQTTnet.Formatter;

internal static class MqttPropertyReader
{
    /// <summary>Reads a property section; null where it is empty or where the reader failed.</summary>
    public static MqttProperties? Read(ref MqttBodyReader reader, ulong allowed)
    {
        var length = reader.ReadVariableInteger();
        if (length == 0 || reader.Failed)
        {
            return null;
        }

        if (length > (uint)reader.Remaining)
        {
            reader.Malformed("The properties are longer than the packet.");
            return null;
        }

        var end = reader.Position + (int)length;
        var properties = new MqttProperties();
        var seen = 0UL;
        while (!reader.Failed && reader.Position < end)
        {
            var id = reader.ReadVariableInteger();
            if (id >= 64 || (allowed & (1UL << (int)id)) == 0)
            {
                reader.Malformed($"Property 0x{id:X2} does not belong in this packet.");
                return null;
            }

            var bit = 1UL << (int)id;
            var repeatable = (MqttPropertyId)id == MqttPropertyId.UserProperty
                || ((MqttPropertyId)id == MqttPropertyId.SubscriptionIdentifier && (allowed & (1UL << (int)MqttPropertyId.TopicAlias)) != 0);
            if ((seen & bit) != 0 && !repeatable)
            {
                reader.Fail(0x82, $"Property 0x{id:X2} stands twice.");
                return null;
            }

            seen |= bit;
            ReadOne(ref reader, (MqttPropertyId)id, properties);
        }

        if (!reader.Failed && reader.Position != end)
        {
            reader.Malformed("A property reaches past the end of the properties.");
        }

        if (properties.AuthenticationData is not null && properties.AuthenticationMethod is null)
        {
            reader.Fail(0x82, "Authentication data without a method.");
        }

        return properties;
    }

    private static void ReadOne(ref MqttBodyReader reader, MqttPropertyId id, MqttProperties p)
    {
        switch (id)
        {
            case MqttPropertyId.PayloadFormatIndicator:
                p.PayloadFormatIndicator = reader.ReadFlag("Payload format indicator") ? (byte)1 : (byte)0;
                break;
            case MqttPropertyId.MessageExpiryInterval:
                p.MessageExpiryInterval = reader.ReadUInt32();
                break;
            case MqttPropertyId.ContentType:
                p.ContentType = reader.ReadString();
                break;
            case MqttPropertyId.ResponseTopic:
                p.ResponseTopic = reader.ReadString();
                if (!reader.Failed && !MqttTopicRules.IsValidName(p.ResponseTopic))
                {
                    reader.Fail(0x82, "The response topic is empty or holds a wildcard.");
                }

                break;
            case MqttPropertyId.CorrelationData:
                p.CorrelationData = reader.ReadBinary().ToArray();
                break;
            case MqttPropertyId.SubscriptionIdentifier:
                (p.SubscriptionIdentifiers ??= []).Add(NotZero(ref reader, reader.ReadVariableInteger(), 0x82, "Subscription identifier"));
                break;
            case MqttPropertyId.SessionExpiryInterval:
                p.SessionExpiryInterval = reader.ReadUInt32();
                break;
            case MqttPropertyId.AssignedClientIdentifier:
                p.AssignedClientIdentifier = reader.ReadString();
                break;
            case MqttPropertyId.ServerKeepAlive:
                p.ServerKeepAlive = reader.ReadUInt16();
                break;
            case MqttPropertyId.AuthenticationMethod:
                p.AuthenticationMethod = reader.ReadString();
                break;
            case MqttPropertyId.AuthenticationData:
                p.AuthenticationData = reader.ReadBinary().ToArray();
                break;
            case MqttPropertyId.RequestProblemInformation:
                p.RequestProblemInformation = reader.ReadFlag("Request problem information");
                break;
            case MqttPropertyId.WillDelayInterval:
                p.WillDelayInterval = reader.ReadUInt32();
                break;
            case MqttPropertyId.RequestResponseInformation:
                p.RequestResponseInformation = reader.ReadFlag("Request response information");
                break;
            case MqttPropertyId.ResponseInformation:
                p.ResponseInformation = reader.ReadString();
                break;
            case MqttPropertyId.ServerReference:
                p.ServerReference = reader.ReadString();
                break;
            case MqttPropertyId.ReasonString:
                p.ReasonString = reader.ReadString();
                break;
            case MqttPropertyId.ReceiveMaximum:
                p.ReceiveMaximum = (ushort)NotZero(ref reader, reader.ReadUInt16(), 0x82, "Receive maximum");
                break;
            case MqttPropertyId.TopicAliasMaximum:
                p.TopicAliasMaximum = reader.ReadUInt16();
                break;
            case MqttPropertyId.TopicAlias:
                p.TopicAlias = (ushort)NotZero(ref reader, reader.ReadUInt16(), 0x94, "Topic alias");
                break;
            case MqttPropertyId.MaximumQoS:
                p.MaximumQoS = reader.ReadFlag("Maximum QoS") ? (byte)1 : (byte)0;
                break;
            case MqttPropertyId.RetainAvailable:
                p.RetainAvailable = reader.ReadFlag("Retain available");
                break;
            case MqttPropertyId.UserProperty:
                var name = reader.ReadString();
                (p.UserProperties ??= []).Add(new MqttUserProperty(name, new ReadOnlyMemory<byte>(reader.ReadUtf8().ToArray())));
                break;
            case MqttPropertyId.MaximumPacketSize:
                p.MaximumPacketSize = NotZero(ref reader, reader.ReadUInt32(), 0x82, "Maximum packet size");
                break;
            case MqttPropertyId.WildcardSubscriptionAvailable:
                p.WildcardSubscriptionAvailable = reader.ReadFlag("Wildcard subscription available");
                break;
            case MqttPropertyId.SubscriptionIdentifierAvailable:
                p.SubscriptionIdentifiersAvailable = reader.ReadFlag("Subscription identifier available");
                break;
            case MqttPropertyId.SharedSubscriptionAvailable:
                p.SharedSubscriptionAvailable = reader.ReadFlag("Shared subscription available");
                break;
            default:
                reader.Malformed("Unknown property.");
                break;
        }
    }

    private static uint NotZero(ref MqttBodyReader reader, uint value, byte reason, string name)
    {
        if (value == 0)
        {
            reader.Fail(reason, $"{name} must not be 0.");
        }

        return value;
    }
}
