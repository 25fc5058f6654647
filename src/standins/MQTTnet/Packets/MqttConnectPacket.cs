using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet.Packets;

internal sealed class MqttConnectPacket : MqttPacket
{
    public override MqttPacketType Type => MqttPacketType.Connect;

    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.V500;

    /// <summary>The high bit of the protocol level, by which bridges of one broker family announce themselves.</summary>
    public bool TryPrivate { get; set; }

    public bool CleanSession { get; set; }

    public ushort KeepAliveSeconds { get; set; }

    public string ClientId { get; set; } = string.Empty;

    public string? Username { get; set; }

    public byte[]? Password { get; set; }

    public MqttWill? Will { get; set; }
}
