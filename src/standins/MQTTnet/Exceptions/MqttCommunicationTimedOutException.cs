namespace MQTTnet.Exceptions;

/// <summary>The peer did not answer within <see cref="MqttClientOptions.Timeout"/>.</summary>
public sealed class MqttCommunicationTimedOutException : MqttCommunicationException
{
    public MqttCommunicationTimedOutException()
        : base("The operation has timed out.")
    {
    }

    public MqttCommunicationTimedOutException(Exception innerException)
        : base("The operation has timed out.", innerException)
    {
    }
}
