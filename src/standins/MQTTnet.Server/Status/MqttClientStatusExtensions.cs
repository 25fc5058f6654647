namespace MQTTnet.Server;

public static class MqttClientStatusExtensions
{
    public static Task DisconnectAsync(this MqttClientStatus clientStatus)
    {
        ArgumentNullException.ThrowIfNull(clientStatus);
        return clientStatus.DisconnectAsync(new MqttServerClientDisconnectOptions());
    }
}
