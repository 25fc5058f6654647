namespace MQTTnet.Exceptions;

/// <summary>The connection failed under an operation.</summary>
public class MqttCommunicationException : Exception
{
    public MqttCommunicationException(Exception innerException)
        : base(innerException?.Message ?? "MQTT communication failed.", innerException)
    {
    }

    public MqttCommunicationException(string message)
        : base(message)
    {
    }

    public MqttCommunicationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
