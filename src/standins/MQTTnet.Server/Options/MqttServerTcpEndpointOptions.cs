namespace MQTTnet.Server;

public sealed class MqttServerTcpEndpointOptions : MqttServerTcpEndpointBaseOptions
{
    public MqttServerTcpEndpointOptions()
    {
        IsEnabled = true;
        Port = 1883;
    }
}
