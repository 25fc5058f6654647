using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Internal;

internal sealed class MqttPublishRequest(MqttQualityOfServiceLevel qos, long startedTimestamp) : MqttClientRequest(startedTimestamp)
{
    private readonly TaskCompletionSource<MqttClientPublishResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool IsPublish => true;

    public Task<MqttClientPublishResult> Task => _completion.Task;

    public MqttPacketType Awaited { get; private set; } = qos == MqttQualityOfServiceLevel.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec;

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>True where the handshake is finished. A PUBREC that accepts leads on to PUBCOMP.</summary>
    public bool OnAck(MqttAckPacket packet)
    {
        if (packet.Type == MqttPacketType.PubRec && packet.ReasonCode < 0x80)
        {
            Awaited = MqttPacketType.PubComp;
            return false;
        }

        // A PUBCOMP that does not know the identifier (0x92) follows a PUBREC that accepted: the message is there.
        var reason = packet.Type == MqttPacketType.PubComp ? MqttClientPublishReasonCode.Success : (MqttClientPublishReasonCode)packet.ReasonCode;
        _completion.TrySetResult(new MqttClientPublishResult(packet.PacketIdentifier, reason, packet.Properties?.ReasonString, packet.Properties?.UserProperties ?? []));
        return true;
    }
}
