using MQTTnet.Protocol;

namespace MQTTnet.Packets;

/// <summary>The decoder hands out the same instance again and again: take what is needed before the next packet is read.</summary>
internal sealed class MqttPublishPacket : MqttPacket
{
    public override MqttPacketType Type => MqttPacketType.Publish;

    public bool Dup { get; set; }

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    public bool Retain { get; set; }

    public ushort PacketIdentifier { get; set; }

    public string Topic { get; set; } = string.Empty;

    /// <summary>Lies in an array of its own, so that it may outlive the packet.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    public MqttApplicationMessage ToMessage()
    {
        var message = new MqttApplicationMessage
        {
            Topic = Topic,
            Payload = new System.Buffers.ReadOnlySequence<byte>(Payload),
            QualityOfServiceLevel = QualityOfServiceLevel,
            Retain = Retain,
            Dup = Dup,
        };
        Properties?.CopyTo(message);
        return message;
    }
}
