namespace MQTTnet.Packets;

internal sealed class MqttPingPacket : MqttPacket
{
    private MqttPingPacket(MqttPacketType type)
    {
        Type = type;
    }

    public static MqttPingPacket Request { get; } = new(MqttPacketType.PingReq);

    public static MqttPingPacket Response { get; } = new(MqttPacketType.PingResp);

    public override MqttPacketType Type { get; }
}
