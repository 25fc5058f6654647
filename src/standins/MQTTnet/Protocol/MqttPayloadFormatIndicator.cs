namespace MQTTnet.Protocol;

/// <summary>What the sender says of its payload.</summary>
public enum MqttPayloadFormatIndicator
{
    Unspecified = 0,
    CharacterData = 1,
}
