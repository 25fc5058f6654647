using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MQTTnet.Internal;

/// <summary>Makes the network connection, with TLS where the options ask for it.</summary>
internal static class MqttClientDialer
{
    public static async Task<MqttStreamTransport> DialAsync(MqttClientOptions options, CancellationToken cancellationToken)
    {
        if (options.ChannelOptions is not MqttClientTcpOptions tcp)
        {
            throw new NotSupportedException("Only TCP and Unix sockets are supported by this MQTT client.");
        }

        var endPoint = tcp.RemoteEndpoint ?? throw new InvalidOperationException("No endpoint is set.");
        var socket = tcp.AddressFamily == AddressFamily.Unspecified && endPoint is not UnixDomainSocketEndPoint
            ? endPoint.AddressFamily is AddressFamily.Unspecified ? new Socket(SocketType.Stream, tcp.ProtocolType) : new Socket(endPoint.AddressFamily, SocketType.Stream, tcp.ProtocolType)
            : new Socket(endPoint is UnixDomainSocketEndPoint ? AddressFamily.Unix : tcp.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : tcp.ProtocolType);
        try
        {
            if (endPoint is not UnixDomainSocketEndPoint)
            {
                socket.NoDelay = tcp.NoDelay;
            }

            if (tcp.DualMode is { } dualMode)
            {
                socket.DualMode = dualMode;
            }

            if (tcp.LocalEndpoint is not null)
            {
                socket.Bind(tcp.LocalEndpoint);
            }

            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tcp.TlsOptions.UseTls)
            {
                stream = await SecureAsync(stream, tcp, endPoint, cancellationToken).ConfigureAwait(false);
            }

            return new MqttStreamTransport(stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream inner, MqttClientTcpOptions tcp, EndPoint endPoint, CancellationToken cancellationToken)
    {
        var tls = tcp.TlsOptions;
        var host = tls.TargetHost ?? (endPoint as DnsEndPoint)?.Host ?? (endPoint as IPEndPoint)?.Address.ToString() ?? string.Empty;
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        var authentication = new SslClientAuthenticationOptions
        {
            AllowRenegotiation = tls.AllowRenegotiation,
            ApplicationProtocols = tls.ApplicationProtocols,
            CertificateRevocationCheckMode = tls.IgnoreCertificateRevocationErrors ? X509RevocationMode.NoCheck : tls.RevocationMode,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
            ClientCertificates = tls.ClientCertificatesProvider?.GetCertificates(),
            EnabledSslProtocols = tls.SslProtocol,
            EncryptionPolicy = tls.EncryptionPolicy,
            TargetHost = host,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(tcp, certificate, chain, errors),
        };
        if (tls.TrustChain is not null)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = authentication.CertificateRevocationCheckMode,
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(tls.TrustChain);
        }

        try
        {
            await stream.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static bool IsTrusted(MqttClientTcpOptions tcp, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var tls = tcp.TlsOptions;
        if (tls.CertificateValidationHandler is { } handler)
        {
            return handler(new MqttClientCertificateValidationEventArgs(certificate, chain, errors, tcp));
        }

        return errors == SslPolicyErrors.None || tls.AllowUntrustedCertificates
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && tls.IgnoreCertificateChainErrors);
    }
}
