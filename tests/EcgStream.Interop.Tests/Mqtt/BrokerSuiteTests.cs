using System.Globalization;
using System.Net;
using EcgStream.Functional.Tests;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Interop.Tests.Mqtt;

/// <summary>
/// The scenarios of broker interoperability (tests/interop-peers/mqtt_suite.py, a client that shares no code with ours), against the server alone
/// and against the daemon's broker.
/// </summary>
public sealed class BrokerSuiteTests
{
    [Theory]
    [InlineData("3")]
    [InlineData("5")]
    public async Task Server_EveryScenario_Passes(string version)
    {
        var options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint().WithDefaultEndpointPort(0).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithPersistentSessions().Build();
        using var server = new MqttServerFactory().CreateMqttServer(options);
        server.InterceptingSubscriptionAsync += subscription =>
        {
            if (subscription.TopicFilter.Topic is "nosubscribe" or "test/nosubscribe")
            {
                subscription.Response.ReasonCode = MqttSubscribeReasonCode.UnspecifiedError;
                subscription.ProcessSubscription = false;
            }

            return Task.CompletedTask;
        };
        await server.StartAsync();

        await WalkAsync(options.DefaultEndpointOptions.Port, version);

        await server.StopAsync();
    }

    [Theory]
    [InlineData("3")]
    [InlineData("5")]
    public async Task Daemon_EveryScenario_Passes(string version)
    {
        await using var daemon = await TestDaemon.StartAsync(
            null, "--Ingest:Mqtt:RefusedSubscriptions:0=nosubscribe", "--Ingest:Mqtt:RefusedSubscriptions:1=test/nosubscribe");

        await WalkAsync(daemon.MqttPort, version);

        Assert.Empty(daemon.Errors);
    }

    private static async Task WalkAsync(int port, string version)
    {
        var python = PeerProcess.Require("python3", "python3");
        await using var suite = PeerProcess.Start(
            python, Path.Combine(PeerProcess.PeersFolder(), "mqtt_suite.py"), port.ToString(CultureInfo.InvariantCulture), version);
        var output = await suite.EndAsync();
        Assert.EndsWith("OK", output.TrimEnd(), StringComparison.Ordinal);
        Assert.True(output.Count(c => c == '\n') > 10, output);
    }
}
