using MQTTnet.Packets;

namespace MQTTnet.Internal;

/// <summary>A packet of ours that holds a packet identifier until the server has answered it.</summary>
internal abstract class MqttClientRequest(long startedTimestamp)
{
    public long StartedTimestamp { get; } = startedTimestamp;

    /// <summary>Lets the caller go; the identifier stays taken where the server may still answer.</summary>
    public abstract void Fail(Exception exception);
}
