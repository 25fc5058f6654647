using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>What a client of MQTT 5.0 is told in the DISCONNECT packet; older clients are only cut.</summary>
public sealed class MqttServerClientDisconnectOptions
{
    public MqttDisconnectReasonCode ReasonCode { get; set; } = MqttDisconnectReasonCode.NormalDisconnection;

    public string? ReasonString { get; set; }

    public string? ServerReference { get; set; }

    public List<MqttUserProperty>? UserProperties { get; set; }
}
