using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Alarms;

/// <summary>Publishes each transition as a serialized <see cref="AlarmEvent"/> on <c>ecg/v1/{site}/{device}/alarms</c>, QoS 1, not retained.</summary>
internal sealed class MqttAlarmPublisher(IMqttOutlet outlet, IOptions<MqttIngestOptions> options) : IAlarmPublisher
{
    private const string ContentType = "application/x-protobuf; type=ecgstream.v1.AlarmEvent";

    public string Name => "mqtt";

    public async ValueTask<PublishOutcome> PublishAsync(AlarmEvent transition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transition);
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(MqttTopics.Alarms(options.Value.Site, transition.DeviceId))
            .WithPayload(transition.ToByteArray())
            .WithContentType(ContentType)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
        var answer = await outlet.PublishAsync(message, cancellationToken);
        return answer.IsTaken ? PublishOutcome.Taken
            : answer.Refusal is { } refusal ? PublishOutcome.Refused(refusal)
            : PublishOutcome.Unavailable("there is no broker");
    }
}
