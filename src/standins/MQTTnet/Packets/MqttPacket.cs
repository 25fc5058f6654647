namespace MQTTnet.Packets;

/// <summary>
/// A control packet as the codec reads and writes it. <see cref="Properties"/> is null where the packet has none, and always null below MQTT 5.0.
/// </summary>
internal abstract class MqttPacket
{
    public abstract MqttPacketType Type { get; }

    public MqttProperties? Properties { get; set; }
}
