namespace MQTTnet.Exceptions;

public class MqttConfigurationException : Exception
{
    public MqttConfigurationException(Exception exception)
        : base(exception?.Message, exception)
    {
    }

    public MqttConfigurationException(string message)
        : base(message)
    {
    }

    public MqttConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }
}
