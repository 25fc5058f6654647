namespace MQTTnet.Exceptions;

/// <summary>A packet or an argument breaks a rule of the protocol; the message names it.</summary>
public class MqttProtocolViolationException : Exception
{
    public MqttProtocolViolationException(string message)
        : base(message)
    {
    }
}
