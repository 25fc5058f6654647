namespace MQTTnet;

/// <summary>Asked at every connection attempt, so that it may hand out fresh tokens.</summary>
public interface IMqttClientCredentialsProvider
{
    byte[]? GetPassword(MqttClientOptions clientOptions);

    string? GetUserName(MqttClientOptions clientOptions);
}
