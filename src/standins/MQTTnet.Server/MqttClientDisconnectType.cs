namespace MQTTnet.Server;

/// <summary>How a client's connection ended.</summary>
public enum MqttClientDisconnectType
{
    Clean = 0,
    NotClean = 1,
    Takeover = 2,
}
