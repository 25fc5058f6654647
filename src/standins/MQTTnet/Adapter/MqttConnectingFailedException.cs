using MQTTnet.Exceptions;

namespace MQTTnet.Adapter;

/// <summary>CONNECT was sent and not answered as it must be; cancelled and timed-out handshakes are told in this way too.</summary>
public sealed class MqttConnectingFailedException : MqttCommunicationException
{
    public MqttConnectingFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
