namespace MQTTnet.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP, which differ in their type only. Reused by the decoder like <see cref="MqttPublishPacket"/>.</summary>
internal sealed class MqttAckPacket(MqttPacketType type) : MqttPacket
{
    public override MqttPacketType Type { get; } = type;

    public ushort PacketIdentifier { get; set; }

    public byte ReasonCode { get; set; }
}
