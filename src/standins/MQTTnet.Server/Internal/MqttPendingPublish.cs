using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>A received publish whose handler is at work, in the line of its connection.</summary>
internal sealed class MqttPendingPublish(MqttApplicationMessage message, InterceptingPublishEventArgs? args, Task work, ushort packetIdentifier)
{
    public MqttApplicationMessage Message { get; } = message;

    public InterceptingPublishEventArgs? Args { get; } = args;

    public Task Work { get; } = work;

    public ushort PacketIdentifier { get; } = packetIdentifier;

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; } = message.QualityOfServiceLevel;

    /// <summary>Sent again by the client: it is answered once more and not handed on.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>The answer given, once it has been.</summary>
    public byte? ReasonCode { get; set; }
}
