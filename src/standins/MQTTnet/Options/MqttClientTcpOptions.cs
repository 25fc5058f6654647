using System.Net;
using System.Net.Sockets;

namespace MQTTnet;

public sealed class MqttClientTcpOptions : IMqttClientChannelOptions
{
    public AddressFamily AddressFamily { get; set; } = AddressFamily.Unspecified;

    public bool? DualMode { get; set; }

    public EndPoint? LocalEndpoint { get; set; }

    public bool NoDelay { get; set; } = true;

    public ProtocolType ProtocolType { get; set; } = ProtocolType.Tcp;

    public EndPoint? RemoteEndpoint { get; set; }

    public MqttClientTlsOptions TlsOptions { get; set; } = new();

    public override string ToString() => RemoteEndpoint?.ToString() ?? string.Empty;
}
