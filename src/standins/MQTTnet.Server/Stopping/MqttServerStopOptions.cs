using MQTTnet.Protocol;

namespace MQTTnet.Server;

public sealed class MqttServerStopOptions
{
    /// <summary>What every connected client of MQTT 5.0 is told.</summary>
    public MqttServerClientDisconnectOptions DefaultClientDisconnectOptions { get; set; } = new() { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown };
}
