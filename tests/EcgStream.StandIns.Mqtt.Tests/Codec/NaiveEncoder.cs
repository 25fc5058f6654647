using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.StandIns.Mqtt.Tests.Codec;

/// <summary>The wire format written a second time, slowly and straight from the standard, to hold the codec against.</summary>
internal static class NaiveEncoder
{
    public static byte[] Encode(MqttPacket packet, MqttProtocolVersion version)
    {
        var isV5 = version == MqttProtocolVersion.V500;
        var body = new List<byte>();
        var flags = 0;
        switch (packet)
        {
            case MqttConnectPacket c:
                Text(body, "MQTT");
                body.Add((byte)((c.TryPrivate ? 128 : 0) + (int)version));
                body.Add((byte)((c.Username != null ? 128 : 0) + (c.Password != null ? 64 : 0)
                    + (c.Will == null ? 0 : 4 + (c.Will.Retain ? 32 : 0) + ((int)c.Will.QualityOfServiceLevel * 8)) + (c.CleanSession ? 2 : 0)));
                Two(body, c.KeepAliveSeconds);
                Properties(body, c.Properties, isV5);
                Text(body, c.ClientId);
                if (c.Will != null)
                {
                    Properties(body, c.Will.Properties, isV5);
                    Text(body, c.Will.Topic);
                    Binary(body, c.Will.Payload);
                }

                if (c.Username != null)
                {
                    Text(body, c.Username);
                }

                if (c.Password != null)
                {
                    Binary(body, c.Password);
                }

                break;
            case MqttConnAckPacket a:
                body.Add(a.IsSessionPresent ? (byte)1 : (byte)0);
                body.Add(a.Code);
                Properties(body, a.Properties, isV5);
                break;
            case MqttPublishPacket p:
                flags = (p.Dup ? 8 : 0) + ((int)p.QualityOfServiceLevel * 2) + (p.Retain ? 1 : 0);
                Text(body, p.Topic);
                if (p.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce)
                {
                    Two(body, p.PacketIdentifier);
                }

                Properties(body, p.Properties, isV5);
                body.AddRange(p.Payload.ToArray());
                break;
            case MqttAckPacket k:
                flags = k.Type == MqttPacketType.PubRel ? 2 : 0;
                Two(body, k.PacketIdentifier);
                Reason(body, k.ReasonCode, k.Properties, isV5);
                break;
            case MqttSubscribePacket s:
                flags = 2;
                Two(body, s.PacketIdentifier);
                Properties(body, s.Properties, isV5);
                foreach (var f in s.TopicFilters)
                {
                    Text(body, f.Topic);
                    body.Add((byte)((int)f.QualityOfServiceLevel + (f.NoLocal ? 4 : 0) + (f.RetainAsPublished ? 8 : 0) + ((int)f.RetainHandling * 16)));
                }

                break;
            case MqttUnsubscribePacket u:
                flags = 2;
                Two(body, u.PacketIdentifier);
                Properties(body, u.Properties, isV5);
                u.TopicFilters.ForEach(f => Text(body, f));
                break;
            case MqttSubAckPacket k:
                Two(body, k.PacketIdentifier);
                Properties(body, k.Properties, isV5);
                body.AddRange(k.Codes);
                break;
            case MqttDisconnectPacket d:
                Reason(body, d.ReasonCode, d.Properties, isV5);
                break;
            case MqttAuthPacket a:
                Reason(body, a.ReasonCode, a.Properties, isV5);
                break;
            default:
                break;
        }

        var packetBytes = new List<byte> { (byte)(((int)packet.Type * 16) + flags) };
        Variable(packetBytes, (uint)body.Count);
        packetBytes.AddRange(body);
        return [.. packetBytes];
    }

    private static void Reason(List<byte> body, byte reason, MqttProperties? properties, bool isV5)
    {
        if (isV5 && (reason != 0 || properties != null))
        {
            body.Add(reason);
            if (properties != null)
            {
                Properties(body, properties, true);
            }
        }
    }

    private static void Properties(List<byte> body, MqttProperties? p, bool isV5)
    {
        if (!isV5)
        {
            return;
        }

        var all = new List<byte>();
        void Put(byte id, object? value)
        {
            if (value == null)
            {
                return;
            }

            all.Add(id);
            switch (value)
            {
                case byte b: all.Add(b); break;
                case bool b: all.Add(b ? (byte)1 : (byte)0); break;
                case ushort s: Two(all, s); break;
                case uint i: Two(all, (ushort)(i / 65_536)); Two(all, (ushort)(i % 65_536)); break;
                case string t: Text(all, t); break;
                case ReadOnlyMemory<byte> m: Binary(all, m.ToArray()); break;
                default: throw new NotSupportedException();
            }
        }

        if (p != null)
        {
            Put(0x01, p.PayloadFormatIndicator);
            Put(0x02, p.MessageExpiryInterval);
            Put(0x03, p.ContentType);
            Put(0x08, p.ResponseTopic);
            Put(0x09, p.CorrelationData);
            p.SubscriptionIdentifiers?.ForEach(i =>
            {
                all.Add(0x0B);
                Variable(all, i);
            });
            Put(0x11, p.SessionExpiryInterval);
            Put(0x12, p.AssignedClientIdentifier);
            Put(0x13, p.ServerKeepAlive);
            Put(0x15, p.AuthenticationMethod);
            Put(0x16, p.AuthenticationData);
            Put(0x17, p.RequestProblemInformation);
            Put(0x18, p.WillDelayInterval);
            Put(0x19, p.RequestResponseInformation);
            Put(0x1A, p.ResponseInformation);
            Put(0x1C, p.ServerReference);
            Put(0x1F, p.ReasonString);
            Put(0x21, p.ReceiveMaximum);
            Put(0x22, p.TopicAliasMaximum);
            Put(0x23, p.TopicAlias);
            Put(0x24, p.MaximumQoS);
            Put(0x25, p.RetainAvailable);
            p.UserProperties?.ForEach(u =>
            {
                all.Add(0x26);
                Text(all, u.Name);
                Binary(all, u.ValueBuffer.ToArray());
            });
            Put(0x27, p.MaximumPacketSize);
            Put(0x28, p.WildcardSubscriptionAvailable);
            Put(0x29, p.SubscriptionIdentifiersAvailable);
            Put(0x2A, p.SharedSubscriptionAvailable);
        }

        Variable(body, (uint)all.Count);
        body.AddRange(all);
    }

    private static void Two(List<byte> body, ushort value)
    {
        body.Add((byte)(value / 256));
        body.Add((byte)(value % 256));
    }

    private static void Text(List<byte> body, string value) => Binary(body, Encoding.UTF8.GetBytes(value));

    private static void Binary(List<byte> body, byte[] value)
    {
        Two(body, (ushort)value.Length);
        body.AddRange(value);
    }

    private static void Variable(List<byte> body, uint value)
    {
        do
        {
            var digit = value % 128;
            value /= 128;
            body.Add((byte)(value > 0 ? digit + 128 : digit));
        }
        while (value > 0);
    }
}
