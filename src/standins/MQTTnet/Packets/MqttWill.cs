using MQTTnet.Protocol;

namespace MQTTnet.Packets;

/// <summary>The message that the server publishes for a client that went without saying so.</summary>
internal sealed class MqttWill
{
    public string Topic { get; set; } = string.Empty;

    public byte[] Payload { get; set; } = [];

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    public bool Retain { get; set; }

    public MqttProperties? Properties { get; set; }

    public uint DelaySeconds => Properties?.WillDelayInterval ?? 0;

    public MqttApplicationMessage ToMessage()
    {
        var message = new MqttApplicationMessage
        {
            Topic = Topic,
            Payload = new System.Buffers.ReadOnlySequence<byte>(Payload),
            QualityOfServiceLevel = QualityOfServiceLevel,
            Retain = Retain,
        };
        Properties?.CopyTo(message);
        return message;
    }
}
