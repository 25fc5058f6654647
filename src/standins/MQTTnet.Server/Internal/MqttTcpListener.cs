using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MQTTnet.Internal;

namespace MQTTnet.Server;

/// <summary>Listens on one endpoint with Kestrel's socket transport and hands every connection to the server.</summary>
internal sealed class MqttTcpListener(MqttServerTcpEndpointBaseOptions options, TimeSpan handshakeTimeout, Func<MqttTransport, Task> serve, MqttServerLog log)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(IConnectionListener Listener, Task Loop)> _listeners = [];

    public async Task StartAsync()
    {
        if (!options.AllowPacketFragmentation)
        {
            throw new NotSupportedException("AllowPacketFragmentation = false is not supported by this MQTT server: TCP cuts packets wherever it likes.");
        }

        if (options is MqttServerTlsTcpEndpointOptions { CertificateProvider: null })
        {
            throw new InvalidOperationException("The encrypted endpoint is enabled and has no certificate (WithEncryptionCertificate).");
        }

        if (!options.BoundInterNetworkAddress.Equals(IPAddress.None))
        {
            await BindAsync(options.BoundInterNetworkAddress).ConfigureAwait(false);
        }

        // Not IPv6None: that is the same address as IPv6Any.
        if (!options.BoundInterNetworkV6Address.Equals(IPAddress.None))
        {
            await BindAsync(options.BoundInterNetworkV6Address).ConfigureAwait(false);
        }

        if (_listeners.Count == 0)
        {
            throw new InvalidOperationException("The endpoint is enabled and bound to no address.");
        }
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var (listener, loop) in _listeners)
        {
            await listener.UnbindAsync().ConfigureAwait(false);
            await loop.ConfigureAwait(false);
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task BindAsync(IPAddress address)
    {
        var transportOptions = new SocketTransportOptions
        {
            Backlog = options.ConnectionBacklog,
            NoDelay = options.NoDelay,
            // A block of 4 KiB for each connection, busy or not, for one system call less at each read.
            WaitForDataBeforeAllocatingBuffer = false,
            // Reads are decoded where they arrive: nothing of a connection's loop blocks, and a hop between threads for every 4 KiB costs more than it gains.
            UnsafePreferInlineScheduling = true,
            CreateBoundListenSocket = CreateListenSocket,
        };
        var factory = new SocketTransportFactory(Options.Create(transportOptions), NullLoggerFactory.Instance);
        var listener = await factory.BindAsync(new IPEndPoint(address, options.Port)).ConfigureAwait(false);
        options.Port = ((IPEndPoint)listener.EndPoint).Port;
        _listeners.Add((listener, AcceptAsync(listener)));
    }

    private Socket CreateListenSocket(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        if (options.ReuseAddress)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }

        socket.Bind(endPoint);
        return socket;
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var context = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                if (context is null)
                {
                    return;
                }

                _ = ServeAsync(context);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                // One connection that fails while it is accepted (too many open files, say) must not end the listener.
                log.Warning("Accepting a connection failed.", exception);
                await Task.Delay(50).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(ConnectionContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
            if (socket is not null)
            {
                Configure(socket);
            }

            var transport = options is MqttServerTlsTcpEndpointOptions tls
                ? await SecureAsync(context, tls).ConfigureAwait(false)
                : new MqttTransport(context, null, null);
            await serve(transport).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            log.Warning("A connection ended before it was an MQTT connection.", exception);
            context.Abort();
            await context.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Configure(Socket socket)
    {
        if (options.KeepAlive is { } keepAlive)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, keepAlive);
        }

        if (options.TcpKeepAliveInterval is { } interval)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, interval);
        }

        if (options.TcpKeepAliveRetryCount is { } retries)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, retries);
        }

        if (options.TcpKeepAliveTime is { } time)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, time);
        }
    }

    private async Task<MqttTransport> SecureAsync(ConnectionContext context, MqttServerTlsTcpEndpointOptions tls)
    {
        var stream = new SslStream(new MqttDuplexStream(context.Transport), leaveInnerStreamOpen: false);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        timeout.CancelAfter(handshakeTimeout);
        var authentication = new SslServerAuthenticationOptions
        {
            ServerCertificate = tls.CertificateProvider!.GetCertificate(),
            ClientCertificateRequired = tls.ClientCertificateRequired,
            CertificateRevocationCheckMode = tls.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            EnabledSslProtocols = tls.SslProtocol,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
        };
        await stream.AuthenticateAsServerAsync(authentication, timeout.Token).ConfigureAwait(false);
        var certificate = stream.RemoteCertificate as X509Certificate2;
        return new MqttTransport(context, new MqttStreamTransport(stream), certificate);
    }
}
