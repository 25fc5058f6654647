namespace MQTTnet.Exceptions;

/// <summary>The client was, or became, disconnected while an operation was waiting for its answer.</summary>
public sealed class MqttClientDisconnectedException : MqttCommunicationException
{
    public MqttClientDisconnectedException(Exception innerException)
        : base("The MQTT client is disconnected.", innerException)
    {
    }
}
