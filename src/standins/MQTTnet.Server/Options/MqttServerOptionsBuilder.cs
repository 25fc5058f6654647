using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Certificates;

namespace MQTTnet.Server;

public class MqttServerOptionsBuilder
{
    private readonly MqttServerOptions _options = new();

    public MqttServerOptions Build() => _options;

    public MqttServerOptionsBuilder WithClientCertificate(RemoteCertificateValidationCallback? validationCallback = null, bool checkCertificateRevocation = false) =>
        Set(o =>
        {
            o.TlsEndpointOptions.ClientCertificateRequired = true;
            o.TlsEndpointOptions.CheckCertificateRevocation = checkCertificateRevocation;
            o.TlsEndpointOptions.RemoteCertificateValidationCallback = validationCallback;
        });

    public MqttServerOptionsBuilder WithConnectionBacklog(int value) =>
        Set(o => o.DefaultEndpointOptions.ConnectionBacklog = o.TlsEndpointOptions.ConnectionBacklog = value);

    public MqttServerOptionsBuilder WithDefaultCommunicationTimeout(TimeSpan value) => Set(o => o.DefaultCommunicationTimeout = value);

    public MqttServerOptionsBuilder WithDefaultEndpoint() => Set(o => o.DefaultEndpointOptions.IsEnabled = true);

    public MqttServerOptionsBuilder WithDefaultEndpointBoundIPAddress(IPAddress value) =>
        Set(o => o.DefaultEndpointOptions.BoundInterNetworkAddress = value ?? IPAddress.Any);

    public MqttServerOptionsBuilder WithDefaultEndpointBoundIPV6Address(IPAddress value) =>
        Set(o => o.DefaultEndpointOptions.BoundInterNetworkV6Address = value ?? IPAddress.IPv6Any);

    public MqttServerOptionsBuilder WithDefaultEndpointPort(int value) => Set(o => o.DefaultEndpointOptions.Port = value);

    public MqttServerOptionsBuilder WithDefaultEndpointReuseAddress() => Set(o => o.DefaultEndpointOptions.ReuseAddress = true);

    public MqttServerOptionsBuilder WithEncryptedEndpoint() => Set(o => o.TlsEndpointOptions.IsEnabled = true);

    public MqttServerOptionsBuilder WithEncryptedEndpointBoundIPAddress(IPAddress value) =>
        Set(o => o.TlsEndpointOptions.BoundInterNetworkAddress = value);

    public MqttServerOptionsBuilder WithEncryptedEndpointBoundIPV6Address(IPAddress value) =>
        Set(o => o.TlsEndpointOptions.BoundInterNetworkV6Address = value);

    public MqttServerOptionsBuilder WithEncryptedEndpointPort(int value) => Set(o => o.TlsEndpointOptions.Port = value);

    public MqttServerOptionsBuilder WithEncryptionCertificate(byte[] value, IMqttServerCertificateCredentials? credentials = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        return WithEncryptionCertificate(new BlobCertificateProvider(value) { Password = credentials?.Password });
    }

    public MqttServerOptionsBuilder WithEncryptionCertificate(X509Certificate2 certificate) =>
        WithEncryptionCertificate(new X509CertificateProvider(certificate));

    public MqttServerOptionsBuilder WithEncryptionCertificate(ICertificateProvider certificateProvider)
    {
        ArgumentNullException.ThrowIfNull(certificateProvider);
        return Set(o => o.TlsEndpointOptions.CertificateProvider = certificateProvider);
    }

    public MqttServerOptionsBuilder WithEncryptionSslProtocol(SslProtocols value) => Set(o => o.TlsEndpointOptions.SslProtocol = value);

    public MqttServerOptionsBuilder WithKeepAlive() =>
        Set(o => o.DefaultEndpointOptions.KeepAlive = o.TlsEndpointOptions.KeepAlive = true);

    public MqttServerOptionsBuilder WithMaxPendingMessagesPerClient(int value) => Set(o => o.MaxPendingMessagesPerClient = value);

    public MqttServerOptionsBuilder WithoutDefaultEndpoint() => Set(o => o.DefaultEndpointOptions.IsEnabled = false);

    public MqttServerOptionsBuilder WithoutEncryptedEndpoint() => Set(o => o.TlsEndpointOptions.IsEnabled = false);

    public MqttServerOptionsBuilder WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy value) =>
        Set(o => o.PendingMessagesOverflowStrategy = value);

    public MqttServerOptionsBuilder WithPersistentSessions(bool value = true) => Set(o => o.EnablePersistentSessions = value);

    public MqttServerOptionsBuilder WithRemoteCertificateValidationCallback(RemoteCertificateValidationCallback value) =>
        Set(o => o.TlsEndpointOptions.RemoteCertificateValidationCallback = value);

    public MqttServerOptionsBuilder WithTcpKeepAliveInterval(int value) =>
        Set(o => o.DefaultEndpointOptions.TcpKeepAliveInterval = o.TlsEndpointOptions.TcpKeepAliveInterval = value);

    public MqttServerOptionsBuilder WithTcpKeepAliveRetryCount(int value) =>
        Set(o => o.DefaultEndpointOptions.TcpKeepAliveRetryCount = o.TlsEndpointOptions.TcpKeepAliveRetryCount = value);

    public MqttServerOptionsBuilder WithTcpKeepAliveTime(int value) =>
        Set(o => o.DefaultEndpointOptions.TcpKeepAliveTime = o.TlsEndpointOptions.TcpKeepAliveTime = value);

    public MqttServerOptionsBuilder WithTlsEndpointReuseAddress() => Set(o => o.TlsEndpointOptions.ReuseAddress = true);

    private MqttServerOptionsBuilder Set(Action<MqttServerOptions> change)
    {
        change(_options);
        return this;
    }
}
