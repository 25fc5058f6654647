using MQTTnet.Packets;

namespace MQTTnet.Formatter;

/// <summary>Which reason codes a packet of MQTT 5.0 may carry.</summary>
internal static class MqttReasonCodeRules
{
    public static bool IsAllowed(MqttPacketType type, byte code) => type switch
    {
        MqttPacketType.ConnAck => code is 0 or (>= 0x80 and <= 0x8A) or 0x8C or 0x90 or 0x95 or 0x97 or (>= 0x99 and <= 0x9D) or 0x9F,
        MqttPacketType.PubAck or MqttPacketType.PubRec => code is 0 or 0x10 or 0x80 or 0x83 or 0x87 or 0x90 or 0x91 or 0x97 or 0x99,
        MqttPacketType.PubRel or MqttPacketType.PubComp => code is 0 or 0x92,
        MqttPacketType.SubAck => code is <= 2 or 0x80 or 0x83 or 0x87 or 0x8F or 0x91 or 0x97 or 0x9E or 0xA1 or 0xA2,
        MqttPacketType.UnsubAck => code is 0 or 0x11 or 0x80 or 0x83 or 0x87 or 0x8F or 0x91,
        MqttPacketType.Disconnect => code is 0 or 4 or (>= 0x80 and <= 0x83) or 0x87 or 0x89 or (>= 0x8B and <= 0x90) or (>= 0x93 and <= 0xA2),
        MqttPacketType.Auth => code is 0 or 0x18 or 0x19,
        _ => false,
    };
}
