using MQTTnet.Packets;

namespace MQTTnet.Formatter;

internal static class MqttPropertyWriter
{
    /// <summary>Writes a property section with its length; a single 0 for null.</summary>
    public static void Write(MqttBodyWriter writer, MqttProperties? p)
    {
        if (p is null)
        {
            writer.WriteByte(0);
            return;
        }

        var start = writer.Length;
        Flag(writer, MqttPropertyId.PayloadFormatIndicator, p.PayloadFormatIndicator);
        Four(writer, MqttPropertyId.MessageExpiryInterval, p.MessageExpiryInterval);
        Text(writer, MqttPropertyId.ContentType, p.ContentType);
        Text(writer, MqttPropertyId.ResponseTopic, p.ResponseTopic);
        Binary(writer, MqttPropertyId.CorrelationData, p.CorrelationData);
        foreach (var id in p.SubscriptionIdentifiers ?? [])
        {
            writer.WriteByte((byte)MqttPropertyId.SubscriptionIdentifier);
            writer.WriteVariableInteger(id);
        }

        Four(writer, MqttPropertyId.SessionExpiryInterval, p.SessionExpiryInterval);
        Text(writer, MqttPropertyId.AssignedClientIdentifier, p.AssignedClientIdentifier);
        Two(writer, MqttPropertyId.ServerKeepAlive, p.ServerKeepAlive);
        Text(writer, MqttPropertyId.AuthenticationMethod, p.AuthenticationMethod);
        Binary(writer, MqttPropertyId.AuthenticationData, p.AuthenticationData);
        Flag(writer, MqttPropertyId.RequestProblemInformation, p.RequestProblemInformation);
        Four(writer, MqttPropertyId.WillDelayInterval, p.WillDelayInterval);
        Flag(writer, MqttPropertyId.RequestResponseInformation, p.RequestResponseInformation);
        Text(writer, MqttPropertyId.ResponseInformation, p.ResponseInformation);
        Text(writer, MqttPropertyId.ServerReference, p.ServerReference);
        Text(writer, MqttPropertyId.ReasonString, p.ReasonString);
        Two(writer, MqttPropertyId.ReceiveMaximum, p.ReceiveMaximum);
        Two(writer, MqttPropertyId.TopicAliasMaximum, p.TopicAliasMaximum);
        Two(writer, MqttPropertyId.TopicAlias, p.TopicAlias);
        Flag(writer, MqttPropertyId.MaximumQoS, p.MaximumQoS);
        Flag(writer, MqttPropertyId.RetainAvailable, p.RetainAvailable);
        foreach (var property in p.UserProperties ?? [])
        {
            writer.WriteByte((byte)MqttPropertyId.UserProperty);
            writer.WriteString(property.Name);
            writer.WriteBinary(property.ValueBuffer.Span);
        }

        Four(writer, MqttPropertyId.MaximumPacketSize, p.MaximumPacketSize);
        Flag(writer, MqttPropertyId.WildcardSubscriptionAvailable, p.WildcardSubscriptionAvailable);
        Flag(writer, MqttPropertyId.SubscriptionIdentifierAvailable, p.SubscriptionIdentifiersAvailable);
        Flag(writer, MqttPropertyId.SharedSubscriptionAvailable, p.SharedSubscriptionAvailable);
        writer.PrefixLength(start);
    }

    private static void Flag(MqttBodyWriter writer, MqttPropertyId id, bool? value) => Flag(writer, id, value is null ? null : (byte)(value.Value ? 1 : 0));

    private static void Flag(MqttBodyWriter writer, MqttPropertyId id, byte? value)
    {
        if (value is { } present)
        {
            writer.WriteByte((byte)id);
            writer.WriteByte(present);
        }
    }

    private static void Two(MqttBodyWriter writer, MqttPropertyId id, ushort? value)
    {
        if (value is { } present)
        {
            writer.WriteByte((byte)id);
            writer.WriteUInt16(present);
        }
    }

    private static void Four(MqttBodyWriter writer, MqttPropertyId id, uint? value)
    {
        if (value is { } present)
        {
            writer.WriteByte((byte)id);
            writer.WriteUInt32(present);
        }
    }

    private static void Text(MqttBodyWriter writer, MqttPropertyId id, string? value)
    {
        if (value is not null)
        {
            writer.WriteByte((byte)id);
            writer.WriteString(value);
        }
    }

    private static void Binary(MqttBodyWriter writer, MqttPropertyId id, ReadOnlyMemory<byte>? value)
    {
        if (value is { } present)
        {
            writer.WriteByte((byte)id);
            writer.WriteBinary(present.Span);
        }
    }
}
