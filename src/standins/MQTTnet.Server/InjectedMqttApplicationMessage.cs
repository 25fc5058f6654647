using System.Collections;

namespace MQTTnet.Server;

/// <summary>A message that the server's own program publishes.</summary>
public sealed class InjectedMqttApplicationMessage
{
    public InjectedMqttApplicationMessage(MqttApplicationMessage applicationMessage)
    {
        ArgumentNullException.ThrowIfNull(applicationMessage);
        ApplicationMessage = applicationMessage;
    }

    public MqttApplicationMessage ApplicationMessage { get; }

    /// <summary>What event handlers see as the session's items; null gives <see cref="MqttServer.ServerSessionItems"/>.</summary>
    public IDictionary? CustomSessionItems { get; set; }

    public string SenderClientId { get; set; } = string.Empty;
}
