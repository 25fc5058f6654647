using MQTTnet.Packets;

namespace MQTTnet.Internal;

internal sealed class MqttSubscribeRequest(MqttPacketType awaited, long startedTimestamp) : MqttClientRequest(startedTimestamp)
{
    private readonly TaskCompletionSource<MqttSubAckPacket> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MqttPacketType Awaited { get; } = awaited;

    public Task<MqttSubAckPacket> Task => _completion.Task;

    public void OnAck(MqttSubAckPacket packet) => _completion.TrySetResult(packet);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
