using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

public sealed class MqttClientOptionsBuilder
{
    private const int DefaultPort = 1883;
    private const int DefaultTlsPort = 8883;

    private readonly MqttClientOptions _options = new();
    private MqttClientTcpOptions? _tcpOptions;
    private MqttClientTlsOptions? _tlsOptions;

    public MqttClientOptions Build()
    {
        if (_tcpOptions is null)
        {
            throw new InvalidOperationException("A channel must be set (WithTcpServer, WithEndPoint or WithConnectionUri).");
        }

        _tcpOptions.TlsOptions = _tlsOptions ?? _tcpOptions.TlsOptions;
        var defaultPort = _tcpOptions.TlsOptions.UseTls ? DefaultTlsPort : DefaultPort;
        _tcpOptions.RemoteEndpoint = _tcpOptions.RemoteEndpoint switch
        {
            null => throw new ArgumentException("No endpoint is set."),
            DnsEndPoint { Port: 0 } dns => new DnsEndPoint(dns.Host, defaultPort, dns.AddressFamily),
            IPEndPoint { Port: 0 } ip => new IPEndPoint(ip.Address, defaultPort),
            var other => other,
        };
        _options.ChannelOptions = _tcpOptions;
        MqttClientOptionsValidator.ThrowIfNotSupported(_options);
        return _options;
    }

    public MqttClientOptionsBuilder WithAddressFamily(AddressFamily addressFamily)
    {
        Tcp.AddressFamily = addressFamily;
        return this;
    }

    public MqttClientOptionsBuilder WithCleanSession(bool value = true) => Set(o => o.CleanSession = value);

    public MqttClientOptionsBuilder WithCleanStart(bool value = true) => Set(o => o.CleanSession = value);

    public MqttClientOptionsBuilder WithClientId(string value) => Set(o => o.ClientId = value);

    public MqttClientOptionsBuilder WithConnectionUri(string uri) => WithConnectionUri(new Uri(uri, UriKind.Absolute));

    public MqttClientOptionsBuilder WithConnectionUri(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        int? port = uri.IsDefaultPort ? null : uri.Port;
        switch (uri.Scheme)
        {
            case "tcp" or "mqtt":
                WithTcpServer(uri.Host, port).WithTlsOptions(o => o.UseTls(false));
                break;
            case "mqtts":
                WithTcpServer(uri.Host, port).WithTlsOptions(o => o.UseTls());
                break;
            case "unix":
                WithEndPoint(new UnixDomainSocketEndPoint(uri.AbsolutePath))
                    .WithAddressFamily(AddressFamily.Unix).WithProtocolType(ProtocolType.Unspecified).WithTlsOptions(o => o.UseTls(false));
                break;
            default:
                throw new ArgumentException($"The scheme '{uri.Scheme}' is not supported; use tcp, mqtt, mqtts or unix.", nameof(uri));
        }

        if (uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2);
            WithCredentials(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
        }

        return this;
    }

    public MqttClientOptionsBuilder WithCredentials(string? username, string? password) =>
        WithCredentials(username, password is null ? null : Encoding.UTF8.GetBytes(password));

    public MqttClientOptionsBuilder WithCredentials(string? username, byte[]? password = null) => WithCredentials(new MqttClientCredentials(username, password));

    public MqttClientOptionsBuilder WithCredentials(IMqttClientCredentialsProvider credentials) => Set(o => o.Credentials = credentials);

    public MqttClientOptionsBuilder WithEndPoint(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        _tcpOptions = new MqttClientTcpOptions { RemoteEndpoint = endPoint };
        return this;
    }

    public MqttClientOptionsBuilder WithKeepAlivePeriod(TimeSpan value) => Set(o => o.KeepAlivePeriod = value);

    public MqttClientOptionsBuilder WithMaximumPacketSize(uint maximumPacketSize) => Set(o => o.MaximumPacketSize = maximumPacketSize);

    public MqttClientOptionsBuilder WithNoKeepAlive() => WithKeepAlivePeriod(TimeSpan.Zero);

    public MqttClientOptionsBuilder WithProtocolType(ProtocolType protocolType)
    {
        Tcp.ProtocolType = protocolType;
        return this;
    }

    public MqttClientOptionsBuilder WithProtocolVersion(MqttProtocolVersion value) =>
        value == MqttProtocolVersion.Unknown ? throw new ArgumentException("Protocol version is invalid.", nameof(value)) : Set(o => o.ProtocolVersion = value);

    public MqttClientOptionsBuilder WithReceiveMaximum(ushort receiveMaximum) => Set(o => o.ReceiveMaximum = receiveMaximum);

    public MqttClientOptionsBuilder WithRequestProblemInformation(bool requestProblemInformation = true) =>
        Set(o => o.RequestProblemInformation = requestProblemInformation);

    public MqttClientOptionsBuilder WithRequestResponseInformation(bool requestResponseInformation = true) =>
        Set(o => o.RequestResponseInformation = requestResponseInformation);

    public MqttClientOptionsBuilder WithSessionExpiryInterval(uint sessionExpiryInterval) => Set(o => o.SessionExpiryInterval = sessionExpiryInterval);

    public MqttClientOptionsBuilder WithTcpServer(string host, int? port = null, AddressFamily addressFamily = AddressFamily.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(host);
        return WithEndPoint(new DnsEndPoint(host, port ?? 0, addressFamily));
    }

    public MqttClientOptionsBuilder WithTcpServer(Action<MqttClientTcpOptions> optionsBuilder)
    {
        ArgumentNullException.ThrowIfNull(optionsBuilder);
        _tcpOptions = new MqttClientTcpOptions();
        optionsBuilder(_tcpOptions);
        return this;
    }

    public MqttClientOptionsBuilder WithTimeout(TimeSpan value) => Set(o => o.Timeout = value);

    public MqttClientOptionsBuilder WithTlsOptions(MqttClientTlsOptions tlsOptions)
    {
        _tlsOptions = tlsOptions;
        return this;
    }

    public MqttClientOptionsBuilder WithTlsOptions(Action<MqttClientTlsOptionsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new MqttClientTlsOptionsBuilder();
        configure(builder);
        return WithTlsOptions(builder.Build());
    }

    public MqttClientOptionsBuilder WithTopicAliasMaximum(ushort topicAliasMaximum) => Set(o => o.TopicAliasMaximum = topicAliasMaximum);

    public MqttClientOptionsBuilder WithTryPrivate(bool value = true) => Set(o => o.TryPrivate = value);

    public MqttClientOptionsBuilder WithUserProperty(string name, ReadOnlyMemory<byte> value) =>
        Set(o => (o.UserProperties ??= []).Add(new MqttUserProperty(name, value)));

    public MqttClientOptionsBuilder WithUserProperty(string name, ArraySegment<byte> value) =>
        Set(o => (o.UserProperties ??= []).Add(new MqttUserProperty(name, value)));

    public MqttClientOptionsBuilder WithWillContentType(string willContentType) => Set(o => o.WillContentType = willContentType);

    public MqttClientOptionsBuilder WithWillCorrelationData(byte[]? willCorrelationData) => Set(o => o.WillCorrelationData = willCorrelationData);

    public MqttClientOptionsBuilder WithWillDelayInterval(uint willDelayInterval) => Set(o => o.WillDelayInterval = willDelayInterval);

    public MqttClientOptionsBuilder WithWillMessageExpiryInterval(uint willMessageExpiryInterval) =>
        Set(o => o.WillMessageExpiryInterval = willMessageExpiryInterval);

    public MqttClientOptionsBuilder WithWillPayload(byte[]? willPayload) => Set(o => o.WillPayload = willPayload);

    public MqttClientOptionsBuilder WithWillPayload(ArraySegment<byte> willPayload) => Set(o => o.WillPayload = willPayload.ToArray());

    public MqttClientOptionsBuilder WithWillPayload(string? willPayload) =>
        WithWillPayload(string.IsNullOrEmpty(willPayload) ? null : Encoding.UTF8.GetBytes(willPayload));

    public MqttClientOptionsBuilder WithWillPayloadFormatIndicator(MqttPayloadFormatIndicator willPayloadFormatIndicator) =>
        Set(o => o.WillPayloadFormatIndicator = willPayloadFormatIndicator);

    public MqttClientOptionsBuilder WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel willQualityOfServiceLevel) =>
        Set(o => o.WillQualityOfServiceLevel = willQualityOfServiceLevel);

    public MqttClientOptionsBuilder WithWillResponseTopic(string willResponseTopic) => Set(o => o.WillResponseTopic = willResponseTopic);

    public MqttClientOptionsBuilder WithWillRetain(bool willRetain = true) => Set(o => o.WillRetain = willRetain);

    public MqttClientOptionsBuilder WithWillTopic(string willTopic) => Set(o => o.WillTopic = willTopic);

    private MqttClientTcpOptions Tcp => _tcpOptions ?? throw new InvalidOperationException("Choose the server first (WithTcpServer or WithEndPoint).");

    private MqttClientOptionsBuilder Set(Action<MqttClientOptions> change)
    {
        change(_options);
        return this;
    }
}
