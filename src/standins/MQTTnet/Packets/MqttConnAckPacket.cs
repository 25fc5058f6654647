namespace MQTTnet.Packets;

internal sealed class MqttConnAckPacket : MqttPacket
{
    public override MqttPacketType Type => MqttPacketType.ConnAck;

    public bool IsSessionPresent { get; set; }

    /// <summary>The byte on the wire: a return code (0-5) below MQTT 5.0, a reason code from there on.</summary>
    public byte Code { get; set; }
}
