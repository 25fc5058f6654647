using MQTTnet.Packets;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Conformance;

/// <summary>Reason strings and user properties never make a packet larger than the client takes, nor reach one that wants none.</summary>
public sealed class ExplanationTests
{
    private static readonly List<MqttUserProperty> _pair = [new("unit", "mV"u8.ToArray().AsMemory())];

    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData(1000u, null, true, true)]
    [InlineData(30u, null, true, false)]
    [InlineData(18u, null, false, false)]
    [InlineData(null, false, false, false)]
    [InlineData(null, true, true, true)]
    public void For_ClientsWishAndRoom_LeaveOutWhatDoesNotFit(uint? maximumPacketSize, bool? wanted, bool hasText, bool hasPairs)
    {
        var connect = new MqttConnectPacket { Properties = new MqttProperties { MaximumPacketSize = maximumPacketSize, RequestProblemInformation = wanted } };

        var explanation = MqttExplanation.For(connect, "too fast", _pair);

        Assert.Equal((hasText, hasPairs), (explanation?.ReasonString is not null, explanation?.UserProperties is not null));
    }

    [Fact]
    public void For_ConnAckToAClientThatWantsNone_StillExplains()
    {
        var connect = new MqttConnectPacket { Properties = new MqttProperties { RequestProblemInformation = false } };
        Assert.Equal("why", MqttExplanation.For(connect, "why", null, isForEveryClient: true)?.ReasonString);
    }
}
