using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Formatter;

/// <summary>Everything of a PUBLISH but its payload.</summary>
internal readonly struct MqttPublishHeader
{
    public required string Topic { get; init; }

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; init; }

    public bool Retain { get; init; }

    public bool Dup { get; init; }

    public ushort PacketIdentifier { get; init; }

    public MqttProperties? Properties { get; init; }

    public byte FirstByte => (byte)(((int)MqttPacketType.Publish << 4) | (Dup ? 8 : 0) | ((int)QualityOfServiceLevel << 1) | (Retain ? 1 : 0));
}
