namespace MQTTnet.Packets;

/// <summary>SUBACK and UNSUBACK. An UNSUBACK below MQTT 5.0 has no codes.</summary>
internal sealed class MqttSubAckPacket(MqttPacketType type) : MqttPacket
{
    public override MqttPacketType Type { get; } = type;

    public ushort PacketIdentifier { get; set; }

    public byte[] Codes { get; set; } = [];
}
