using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Alarm transitions on <c>ecg/v1/{site}/{device}/alarms</c>, QoS 1, serialized AlarmEvent.</summary>
internal sealed class MqttAlarmPublisher(IMqttOutlet outlet, IOptions<MqttIngestOptions> options) : IAlarmPublisher
{
    public string Name => "mqtt";

    public ValueTask<bool> PublishAsync(AlarmEvent transition, CancellationToken cancellationToken) => outlet.PublishAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(MqttTopics.Alarms(options.Value.Site, transition.DeviceId))
            .WithPayload(transition.ToByteArray())
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build(),
        cancellationToken);
}
