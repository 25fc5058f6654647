using EcgStream.Core.Signals;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Refusals as MQTT carries them: a reason code for MQTT 5 publishers, and a ChunkAck on the device's refusals topic for all.</summary>
internal static class MqttRefusals
{
    public static MqttPubAckReasonCode ToReasonCode(RefusalReason reason) => reason switch
    {
        RefusalReason.SecondWriter or RefusalReason.TopicMismatch => MqttPubAckReasonCode.NotAuthorized,
        RefusalReason.Overloaded or RefusalReason.TooManyDevices => MqttPubAckReasonCode.QuotaExceeded,
        RefusalReason.Storage => MqttPubAckReasonCode.UnspecifiedError,
        RefusalReason.None => MqttPubAckReasonCode.ImplementationSpecificError,
        _ => MqttPubAckReasonCode.PayloadFormatInvalid,
    };

    /// <summary>A retained message is kept by a broker for whoever comes later: when it is read, its samples are of no known age.</summary>
    public static ChunkRefusal Retained(ReadOnlySpan<char> device) =>
        ChunkRefusal.Of(RefusalReason.None, "retain", "samples published without the retain flag", device.ToString(), null, "retained");

    public static MqttApplicationMessage ToMessage(
        in ChunkIdentity chunk, in ChunkRefusal refusal, ReadOnlyMemory<char> site, ReadOnlyMemory<char> device)
    {
        var ack = RefusalMessages.ToAck(chunk, refusal);
        ack.DeviceId = device.ToString(); // the topic's, also when the bytes name none or another
        return new MqttApplicationMessageBuilder()
            .WithTopic(MqttTopics.Refusals(site, device))
            .WithPayload(ack.ToByteArray())
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
    }
}
