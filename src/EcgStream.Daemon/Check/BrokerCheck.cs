using EcgStream.Daemon.Ingest.Mqtt;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Check;

/// <summary>Connects to the external broker under another client id than the daemon's, so that one that runs keeps its session, and subscribes to the samples.</summary>
/// <remarks>mosquitto takes a subscription that its access list forbids and delivers nothing: that cannot be told from devices that are silent.</remarks>
internal sealed class BrokerCheck : ISetupCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Subject => "broker";

    public async Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<IOptions<MqttIngestOptions>>().Value;
        if (!options.Enabled)
        {
            return [CheckResult.Ok(Subject, "not used: Ingest:Mqtt:Enabled is false")];
        }

        return options.Broker.Length == 0
            ? [CheckResult.Ok(Subject, "the embedded one; Ingest:Mqtt:Broker names none")]
            : [await ConnectAsync(options, cancellation)];
    }

    private async Task<CheckResult> ConnectAsync(MqttIngestOptions options, CancellationToken cancellation)
    {
        var broker = new Uri(options.Broker);
        var user = options.UserName.Length > 0 ? $"user '{options.UserName}'" : "a client without user name";
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(broker.Host, broker.Port < 0 ? 1883 : broker.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId($"{options.ClientId}-check-{Environment.ProcessId}")
            .WithCleanStart(true);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        using var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            var answer = await client.ConnectAsync((options.UserName.Length > 0 ? builder.WithCredentials(options.UserName, options.Password) : builder).Build(), limited.Token);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                return Refused(options, user, answer.ResultCode.ToString());
            }

            var subscribed = await client.SubscribeAsync(
                new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter => filter.WithTopic(MqttTopics.AllSamples).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)).Build(), limited.Token);
            await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), CancellationToken.None);
            return subscribed.Items.All(item => item.ResultCode <= MqttClientSubscribeResultCode.GrantedQoS2)
                ? CheckResult.Ok(Subject, $"Ingest:Mqtt:Broker: {options.Broker} takes {user} and its subscription to {MqttTopics.AllSamples}")
                : CheckResult.Fail(Subject, $"Ingest:Mqtt:Broker: {options.Broker} does not let {user} subscribe to {MqttTopics.AllSamples}. Allow it in the broker's access list.");
        }
#pragma warning disable CA1031 // MQTTnet tells a time-out before the connection is there as a cancellation, and after it as a failed authentication.
        catch (Exception) when (limited.IsCancellationRequested && !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return CheckResult.Fail(Subject, $"Ingest:Mqtt:Broker: {options.Broker} did not answer within {Limit.TotalSeconds:0} s. Is it an MQTT broker without TLS, and is no firewall between?");
        }
#pragma warning disable CA1031 // Whatever it is, it is what keeps the broker away, and a line of the check.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return fault.Message.Contains("uthoriz", StringComparison.Ordinal) || fault.Message.Contains("Password", StringComparison.OrdinalIgnoreCase)
                ? Refused(options, user, fault.Message)
                : CheckResult.Fail(Subject, $"Ingest:Mqtt:Broker: no connection to {options.Broker}: {fault.GetBaseException().Message}. Does the broker run, and is the address right?");
        }
    }

    private CheckResult Refused(MqttIngestOptions options, string user, string reason) =>
        CheckResult.Fail(Subject, $"Ingest:Mqtt:Broker: {options.Broker} refuses {user} ({reason}). Check Ingest:Mqtt:UserName and Ingest:Mqtt:Password.");
}
