using MQTTnet;

namespace EcgStream.Client.Streaming;

/// <summary>The broker answered CONNECT with a refusal.</summary>
internal sealed class MqttRejectedException(MqttClientConnectResultCode code, string? reason)
    : Exception(string.IsNullOrEmpty(reason) ? $"the broker refused the connection: {code}" : $"the broker refused the connection: {code} ({reason})")
{
    public MqttClientConnectResultCode Code { get; } = code;
}
