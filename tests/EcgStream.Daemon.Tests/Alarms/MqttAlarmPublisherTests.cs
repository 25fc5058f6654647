using System.Buffers;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Tests.Alarms;

public sealed class MqttAlarmPublisherTests
{
    [Theory]
    [InlineData(true, null, PublishKind.Taken)]
    [InlineData(false, null, PublishKind.Unavailable)]
    [InlineData(false, "NotAuthorized", PublishKind.Refused)]
    public async Task PublishAsync_ATransition_GoesToTheDevicesTopicAndSaysWhatBecameOfIt(
        bool taken, string? refusal, PublishKind kind)
    {
        var outlet = new Outlet(new MqttAnswer(taken, refusal));
        var publisher = new MqttAlarmPublisher(outlet, Options.Create(new MqttIngestOptions { Site = "icu" }));
        var transition = new AlarmEvent { Cursor = 9, AlarmId = "id", DeviceId = "bed-1", Condition = AlarmCondition.Asystole, Message = "*** Asystole" };
        Assert.Equal(kind, (await publisher.PublishAsync(transition, CancellationToken.None)).Kind);
        var message = Assert.Single(outlet.Messages);
        Assert.Equal(("ecg/v1/icu/bed-1/alarms", MqttQualityOfServiceLevel.AtLeastOnce, false), (message.Topic, message.QualityOfServiceLevel, message.Retain));
        Assert.Equal(transition, AlarmEvent.Parser.ParseFrom(message.Payload.ToArray()));
    }

    private sealed class Outlet(MqttAnswer answer) : IMqttOutlet
    {
        public List<MqttApplicationMessage> Messages { get; } = [];

        public ValueTask<MqttAnswer> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation)
        {
            Messages.Add(message);
            return ValueTask.FromResult(answer);
        }
    }
}
