using System.Text;
using MQTTnet.Packets;

namespace MQTTnet.Server;

/// <summary>Reason strings and user properties of the server's own packets, as far as a client wants and takes them.</summary>
internal static class MqttExplanation
{
    // Fixed header of five bytes, packet identifier, reason code, property length of four: what no packet of these has more of.
    private const int PacketOverhead = 16;

    /// <param name="connect">What the client said at its CONNECT.</param>
    /// <param name="reasonString">Text for people, or null.</param>
    /// <param name="userProperties">Further pairs, or null.</param>
    /// <param name="otherBytes">What else the packet carries, codes for example.</param>
    /// <param name="isForEveryClient">CONNACK and DISCONNECT may explain themselves also to a client that asked for no problem information (3.1.2.11.7).</param>
    /// <returns>Null where nothing is left; user properties are left out first, where the packet would become larger than the client takes.</returns>
    public static MqttProperties? For(
        MqttConnectPacket connect, string? reasonString, List<MqttUserProperty>? userProperties, int otherBytes = 0, bool isForEveryClient = false)
    {
        if ((reasonString is null && userProperties is not { Count: > 0 }) || (!isForEveryClient && connect.Properties?.RequestProblemInformation == false))
        {
            return null;
        }

        var room = (connect.Properties?.MaximumPacketSize ?? long.MaxValue) - PacketOverhead - otherBytes;
        var text = reasonString is null ? 0 : 3 + Encoding.UTF8.GetByteCount(reasonString);
        var pairs = userProperties?.Sum(p => 5 + Encoding.UTF8.GetByteCount(p.Name) + p.ValueBuffer.Length) ?? 0;
        var hasText = reasonString is not null && text <= room;
        var hasPairs = pairs > 0 && pairs + (hasText ? text : 0) <= room;
        return !hasText && !hasPairs ? null : new MqttProperties { ReasonString = hasText ? reasonString : null, UserProperties = hasPairs ? userProperties : null };
    }
}
