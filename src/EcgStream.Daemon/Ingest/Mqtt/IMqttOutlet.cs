using MQTTnet;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Where the daemon publishes: the embedded broker or its connection to an external one.</summary>
internal interface IMqttOutlet
{
    /// <returns>False when there is no connection now; the message is not kept.</returns>
    ValueTask<bool> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation);
}
