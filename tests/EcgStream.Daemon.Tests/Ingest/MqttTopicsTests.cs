using EcgStream.Daemon.Ingest.Mqtt;

namespace EcgStream.Daemon.Tests.Ingest;

public sealed class MqttTopicsTests
{
    [Fact]
    public void TryParseSamples_DeviceTopic_GivesSiteAndDevice()
    {
        Assert.True(MqttTopics.TryParseSamples("ecg/v1/ward-3/dev-7/samples", out var site, out var device));
        Assert.Equal("ward-3", site.ToString());
        Assert.Equal("dev-7", device.ToString());
    }

    [Theory]
    [InlineData("ecg/v1/samples")]
    [InlineData("ecg/v1//dev/samples")]
    [InlineData("ecg/v1/site//samples")]
    [InlineData("ecg/v1/site/samples")]
    [InlineData("ecg/v1/site/dev/more/samples")]
    [InlineData("ecg/v1/site/dev/alarms")]
    [InlineData("ecg/v2/site/dev/samples")]
    [InlineData("")]
    public void TryParseSamples_AnotherTopic_IsRefused(string topic) =>
        Assert.False(MqttTopics.TryParseSamples(topic, out _, out _));
}
