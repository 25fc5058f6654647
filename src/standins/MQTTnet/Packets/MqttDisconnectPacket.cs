namespace MQTTnet.Packets;

internal sealed class MqttDisconnectPacket : MqttPacket
{
    public override MqttPacketType Type => MqttPacketType.Disconnect;

    public byte ReasonCode { get; set; }
}
