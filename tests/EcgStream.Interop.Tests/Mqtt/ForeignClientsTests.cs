using System.Text;
using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Functional.Tests;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Interop.Tests.Mqtt;

/// <summary>mosquitto's, paho's and mqtt.js' clients against the daemon's broker.</summary>
public sealed class ForeignClientsTests : IAsyncLifetime
{
    private TestDaemon? _daemon;

    private TestDaemon Daemon => _daemon!;

    private string Port => Daemon.MqttPort.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async ValueTask DisposeAsync() => await Daemon.DisposeAsync();

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task Paho_WholeScenario_Passes(string version)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/paho/mqtt/client.py"), "paho-mqtt is not installed (Debian package python3-paho-mqtt).");
        await using var peer = PeerProcess.Start("/usr/bin/python3", Path.Combine(PeerProcess.PeersFolder(), "paho_peer.py"), Port, version);

        Assert.EndsWith("OK", (await peer.EndAsync()).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task MqttJs_WholeScenario_Passes(string version)
    {
        var node = PeerProcess.Require("node", "nodejs");
        var folder = PeerProcess.PeersFolder();
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "mqtt")), "mqtt.js is not installed (npm ci in tests/interop-peers).");
        await using var peer = PeerProcess.Start(node, Path.Combine(folder, "mqttjs_peer.mjs"), Port, version);

        Assert.EndsWith("OK", (await peer.EndAsync()).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqttv31", "0")]
    [InlineData("mqttv31", "2")]
    [InlineData("mqttv311", "0")]
    [InlineData("mqttv311", "1")]
    [InlineData("mqttv311", "2")]
    [InlineData("mqttv5", "0")]
    [InlineData("mqttv5", "1")]
    [InlineData("mqttv5", "2")]
    public async Task MosquittoPubSub_EachVersionAndQoS_MessagesPass(string version, string qos)
    {
        var publish = PeerProcess.Require("mosquitto_pub", "mosquitto-clients");
        var subscribe = PeerProcess.Require("mosquitto_sub", "mosquitto-clients");
        var lineByLine = PeerProcess.Require("stdbuf", "coreutils"); // into a pipe it prints nothing until it ends
        await using var receiver = PeerProcess.Start(
            lineByLine, "-oL", subscribe, "-h", "127.0.0.1", "-p", Port, "-V", version, "-q", qos, "-t", "ward/+/x", "-C", "2", "-d", "-F", "%t|%q|%p");
        await receiver.WaitForOutputAsync("SUBACK");

        await using (var sender = PeerProcess.Start(publish, "-h", "127.0.0.1", "-p", Port, "-V", version, "-q", qos, "-t", "ward/1/x", "-m", "first"))
        {
            await sender.EndAsync();
        }

        await Daemon.Services.GetRequiredService<IMqttOutlet>().PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("ward/2/x").WithPayload("second").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce).Build(),
            TestContext.Current.CancellationToken);

        // Sorted: a publish of QoS 0 may still be on its way when its sender has ended.
        Assert.Equal([$"ward/1/x|{qos}|first", $"ward/2/x|{qos}|second"], (await receiver.EndAsync()).Split('\n').Where(line => line.StartsWith("ward/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task MosquittoPub_RetainedWithProperties_OurClientSeesThem()
    {
        var publish = PeerProcess.Require("mosquitto_pub", "mosquitto-clients");
        await using (var sender = PeerProcess.Start(
            publish, "-h", "127.0.0.1", "-p", Port, "-V", "mqttv5", "-q", "1", "-r", "-t", "keep/1", "-m", "x", "-D", "publish", "user-property", "unit", "mV",
            "-D", "publish", "content-type", "text/plain", "-D", "publish", "message-expiry-interval", "60", "-D", "publish", "response-topic", "answers"))
        {
            await sender.EndAsync();
        }

        using var client = new MqttClientFactory().CreateMqttClient();
        var received = new TaskCompletionSource<MqttApplicationMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += e =>
        {
            received.TrySetResult(e.ApplicationMessage);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Daemon.MqttPort).Build());
        await client.SubscribeAsync("keep/#", MqttQualityOfServiceLevel.AtLeastOnce);

        var message = await received.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(message.Retain);
        Assert.Equal(("text/plain", "answers"), (message.ContentType, message.ResponseTopic));
        Assert.Equal(("unit", "mV"), (message.UserProperties![0].Name, Encoding.UTF8.GetString(message.UserProperties[0].ValueBuffer.Span)));
        Assert.InRange(message.MessageExpiryInterval, 50u, 60u);
    }
}
