using MQTTnet.Packets;

namespace MQTTnet;

public sealed class MqttClientDisconnectOptions
{
    public MqttClientDisconnectOptionsReason Reason { get; set; } = MqttClientDisconnectOptionsReason.NormalDisconnection;

    /// <summary>MQTT 5.0 only.</summary>
    public string? ReasonString { get; set; }

    /// <summary>Seconds; 0 leaves what CONNECT said. MQTT 5.0 only.</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>MQTT 5.0 only.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
