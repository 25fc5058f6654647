using MQTTnet;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Where the daemon publishes: the embedded broker or its connection to an external one.</summary>
internal interface IMqttOutlet
{
    ValueTask<MqttAnswer> PublishAsync(MqttApplicationMessage message, CancellationToken cancellation);
}

/// <summary>What a broker made of a message.</summary>
/// <param name="IsTaken">It was taken; otherwise it is not kept.</param>
/// <param name="Refusal">Why the broker will not have this one; null when it was taken, or when there is no connection
/// now.</param>
internal readonly record struct MqttAnswer(bool IsTaken, string? Refusal)
{
    public static readonly MqttAnswer Taken = new(true, null);

    public static readonly MqttAnswer NotNow = new(false, null);
}
