using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Internal;

internal sealed class MqttPublishRequest(MqttApplicationMessage message, long startedTimestamp) : MqttClientRequest(startedTimestamp)
{
    private readonly TaskCompletionSource<MqttClientPublishResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MqttApplicationMessage Message { get; } = message;

    public Task<MqttClientPublishResult> Task => _completion.Task;

    public MqttPacketType Awaited { get; private set; } = message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec;

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>
    /// Lets the caller go when it no longer wants to wait. A message still in line is then not sent; one that was sent keeps its identifier until
    /// it is answered.
    /// </summary>
    public async Task<MqttClientPublishResult> CancelBy(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((MqttPublishRequest)state!)._completion.TrySetCanceled(token), this).ConfigureAwait(false);
        return await Task.ConfigureAwait(false);
    }

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
