using System.Net;
using EcgStream.Daemon.Ingest.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Functional.Tests.Ingest;

/// <summary>MQTTnet returns what a broker refuses and throws nothing: the daemon has to look.</summary>
public sealed class ExternalBrokerRefusalTests
{
    private enum Mood
    {
        RefusesConnections,
        RefusesSubscriptions,
        Takes,
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_RefusesAndThenTakes_EachRefusalIsToldAndTheDaemonTriesAgain()
    {
        var mood = Mood.RefusesConnections;
        var options = new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(0)
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).Build();
        using var broker = new MqttServerFactory().CreateMqttServer(options);
        broker.ValidatingConnectionAsync += connection =>
        {
            connection.ReasonCode = mood == Mood.RefusesConnections ? MqttConnectReasonCode.NotAuthorized : MqttConnectReasonCode.Success;
            return Task.CompletedTask;
        };
        broker.InterceptingSubscriptionAsync += subscription =>
        {
            if (mood == Mood.RefusesSubscriptions)
            {
                subscription.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
                subscription.ProcessSubscription = false;
            }

            return Task.CompletedTask;
        };
        await broker.StartAsync();
        await using var daemon = await TestDaemon.StartAsync(null, $"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{options.DefaultEndpointOptions.Port}");
        var external = daemon.Services.GetRequiredService<ExternalBroker>();

        await FaultAsync(external, "the broker refused the connection: NotAuthorized");
        mood = Mood.RefusesSubscriptions;
        await FaultAsync(external, "the broker refused the subscription to ecg/v1/+/+/samples: NotAuthorized");
        mood = Mood.Takes;
        await FaultAsync(external, null);
    }

    private static Task FaultAsync(ExternalBroker broker, string? fault) => Waiting.UntilAsync(() => broker.Fault == fault, fault ?? "no fault", Cancellation);
}
