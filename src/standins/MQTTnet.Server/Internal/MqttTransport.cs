using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using MQTTnet.Internal;

namespace MQTTnet.Server;

/// <summary>One accepted network connection, plain or under TLS.</summary>
internal sealed class MqttTransport(ConnectionContext context, MqttStreamTransport? secure, X509Certificate2? clientCertificate) : IAsyncDisposable
{
    public PipeReader Input => secure?.Input ?? context.Transport.Input;

    public PipeWriter Output => secure?.Output ?? context.Transport.Output;

    public EndPoint? RemoteEndPoint => context.RemoteEndPoint;

    public X509Certificate2? ClientCertificate => clientCertificate;

    public bool IsSecure => secure is not null;

    /// <summary>Ends both directions at once, from any thread.</summary>
    public void Abort(string reason)
    {
        context.Abort(new ConnectionAbortedException(reason));
        Input.CancelPendingRead();
    }

    public async ValueTask DisposeAsync()
    {
        if (secure is not null)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
        }

        await context.DisposeAsync().ConfigureAwait(false);
    }
}
