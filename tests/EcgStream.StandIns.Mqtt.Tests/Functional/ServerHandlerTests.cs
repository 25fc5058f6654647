using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>What the standard asks where a handler of the server has its say, in bytes on a socket.</summary>
public sealed class ServerHandlerTests
{
    [Theory]
    [InlineData("10 0D 00 04 4D 51 54 54 04 02 00 1E 00 01 63", "31 04 00 01 72 78", "82 06 00 01 00 01 61 00", "20 02 00 05")]
    [InlineData("10 0E 00 04 4D 51 54 54 05 02 00 1E 00 00 01 63", "31 05 00 01 72 00 78", "82 07 00 01 00 00 01 61 00", "20 03 00 87 00")]
    public async Task Connect_Refused_NothingBehindItIsProcessed(string connect, string publish, string subscribe, string expected)
    {
        await using var host = await MqttTestHost.StartAsync();
        var handled = 0;
        host.Server.ValidatingConnectionAsync += e =>
        {
            e.ReasonCode = MqttConnectReasonCode.NotAuthorized;
            return Task.CompletedTask;
        };
        host.Server.InterceptingPublishAsync += _ => Count(ref handled);
        host.Server.InterceptingSubscriptionAsync += _ => Count(ref handled);
        using var socket = await RawBytes.DialAsync(host.Port);

        await socket.SendHexAsync(connect + publish + subscribe);

        Assert.Equal(expected, await socket.PacketAsync());
        Assert.Null(await socket.PacketAsync());
        Assert.Equal(0, handled);
        Assert.Empty(await host.Server.GetRetainedMessagesAsync());
        Assert.Empty(await host.Server.GetSessionsAsync());
    }

    [Theory]
    [InlineData("10 0D 00 04 4D 51 54 54 04 02 00 1E 00 01 63", "20 02 00 02")]
    [InlineData("10 0E 00 04 4D 51 54 54 05 02 00 1E 00 00 01 63", "20 03 00 85 00")]
    public async Task Connect_ClientIdRefused_ToldAndClosed(string connect, string expected)
    {
        await using var host = await MqttTestHost.StartAsync();
        host.Server.ValidatingConnectionAsync += e =>
        {
            e.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            return Task.CompletedTask;
        };
        using var socket = await RawBytes.DialAsync(host.Port);

        await socket.SendHexAsync(connect);

        Assert.Equal(expected, await socket.PacketAsync());
        Assert.Null(await socket.PacketAsync());
    }

    [Theory]
    [InlineData("10 0D 00 04 4D 51 54 54 04 00 00 1E 00 01 63", "20 02 01 00", "20 02 00 05")]
    [InlineData("10 13 00 04 4D 51 54 54 05 00 00 1E 05 11 00 00 00 64 00 01 63", "20 0E 01 00 0B 21 01 00 22 00 40 27 00 40 00 00", "20 03 00 87 00")]
    public async Task Connect_RefusedWhileASessionIsKept_SessionPresentIsZero(string connect, string resumed, string refused)
    {
        await using var host = await MqttTestHost.StartAsync(o => o.WithPersistentSessions());
        var reason = MqttConnectReasonCode.Success;
        host.Server.ValidatingConnectionAsync += e =>
        {
            e.ReasonCode = reason;
            return Task.CompletedTask;
        };
        async Task<string?> AnswerAsync()
        {
            using var socket = await RawBytes.DialAsync(host.Port);
            await socket.SendHexAsync(connect + "E0 00");
            var answer = await socket.PacketAsync();
            Assert.Null(await socket.PacketAsync());
            return answer;
        }

        await AnswerAsync();
        Assert.Equal(resumed, await AnswerAsync());
        reason = MqttConnectReasonCode.NotAuthorized;

        Assert.Equal(refused, await AnswerAsync());
        Assert.Single(await host.Server.GetSessionsAsync());
    }

    [Theory]
    [InlineData("10 1B 00 04 4D 51 54 54 04 C6 00 1E 00 01 63 00 01 77 00 01 70 00 02 75 73 00 02 70 77", MqttProtocolVersion.V311)]
    [InlineData("10 1D 00 04 4D 51 54 54 05 C6 00 1E 00 00 01 63 00 00 01 77 00 01 70 00 02 75 73 00 02 70 77", MqttProtocolVersion.V500)]
    public async Task Connect_EveryField_ReadInTheOrderOfTheStandard(string connect, MqttProtocolVersion version)
    {
        await using var host = await MqttTestHost.StartAsync();
        var seen = string.Empty;
        host.Server.ValidatingConnectionAsync += e =>
        {
            seen += $"{e.ClientId} {e.UserName} {e.Password}; ";
            return Task.CompletedTask;
        };
        var watcher = await host.ConnectAsync("watcher", version);
        var messages = MqttTestHost.Collect(watcher);
        await watcher.SubscribeAsync("#");
        using (var socket = await RawBytes.DialAsync(host.Port))
        {
            await socket.SendHexAsync(connect);
            Assert.StartsWith("20", await socket.PacketAsync(), StringComparison.Ordinal);
        }

        var will = await MqttTestHost.NextAsync(messages);

        Assert.Equal(("w", "p"), (will.Topic, will.ConvertPayloadToString()));
        Assert.EndsWith("; c us pw; ", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_QoS2Refused_TheIdentifierIsFreeForANewMessage()
    {
        await using var host = await MqttTestHost.StartAsync();
        var taken = new List<string?>();
        host.Server.InterceptingPublishAsync += e =>
        {
            taken.Add(e.ApplicationMessage.ConvertPayloadToString());
            e.ProcessPublish = taken.Count > 1;
            e.Response.ReasonCode = taken.Count > 1 ? MqttPubAckReasonCode.Success : MqttPubAckReasonCode.QuotaExceeded;
            return Task.CompletedTask;
        };
        using var socket = await RawBytes.DialAsync(host.Port);
        await socket.SendHexAsync("10 0E 00 04 4D 51 54 54 05 02 00 1E 00 00 01 63");
        Assert.StartsWith("20", await socket.PacketAsync(), StringComparison.Ordinal);
        await socket.SendHexAsync("82 07 00 01 00 00 01 61 00");
        Assert.Equal("90 04 00 01 00 00", await socket.PacketAsync());

        await socket.SendHexAsync("34 07 00 01 61 00 05 00 78");
        Assert.Equal("50 03 00 05 97", await socket.PacketAsync());
        await socket.SendHexAsync("34 07 00 01 61 00 05 00 79");

        string?[] answers = [await socket.PacketAsync(), await socket.PacketAsync()];
        Assert.Equal(["30 05 00 01 61 00 79", "50 02 00 05"], answers.Order());
        Assert.Equal(["x", "y"], taken);
    }

    [Theory]
    [InlineData("10 0E 00 04 4D 51 54 54 05 02 00 1E 00 00 01 63", "B0 16 00 02 12 1F 00 04 6B 65 70 74 26 00 04 75 6E 69 74 00 02 6D 56 83")]
    [InlineData("10 13 00 04 4D 51 54 54 05 02 00 1E 05 27 00 00 00 1E 00 01 63", "B0 0B 00 02 07 1F 00 04 6B 65 70 74 83")]
    [InlineData("10 13 00 04 4D 51 54 54 05 02 00 1E 05 27 00 00 00 14 00 01 63", "B0 04 00 02 00 83")]
    public async Task Unsubscribe_Explained_AsFarAsTheClientTakesIt(string connect, string expected)
    {
        await using var host = await MqttTestHost.StartAsync();
        host.Server.InterceptingUnsubscriptionAsync += e =>
        {
            e.Response.ReasonCode = MqttUnsubscribeReasonCode.ImplementationSpecificError;
            e.Response.ReasonString = "kept";
            e.Response.UserProperties = [new MqttUserProperty("unit", Encoding.UTF8.GetBytes("mV").AsMemory())];
            return Task.CompletedTask;
        };
        using var socket = await RawBytes.DialAsync(host.Port);
        await socket.SendHexAsync(connect);
        Assert.StartsWith("20", await socket.PacketAsync(), StringComparison.Ordinal);

        await socket.SendHexAsync("A2 06 00 02 00 00 01 61");

        Assert.Equal(expected, await socket.PacketAsync());
    }

    [Fact]
    public async Task Subscribe_AgainWhileMessagesCome_NoneIsLost()
    {
        const int Messages = 400;
        await using var host = await MqttTestHost.StartAsync();
        var subscriber = await host.ConnectAsync("subscriber");
        var received = MqttTestHost.Collect(subscriber);
        await subscriber.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        var publisher = await host.ConnectAsync("publisher");
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                await publisher.PublishStringAsync("t", "m" + i, MqttQualityOfServiceLevel.AtLeastOnce);
            }
        });

        do
        {
            await subscriber.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        }
        while (!publishing.IsCompleted);

        await publishing;
        for (var i = 0; i < Messages; i++)
        {
            Assert.Equal("m" + i, (await MqttTestHost.NextAsync(received)).ConvertPayloadToString());
        }
    }

    private static Task Count(ref int counter)
    {
        Interlocked.Increment(ref counter);
        return Task.CompletedTask;
    }
}
