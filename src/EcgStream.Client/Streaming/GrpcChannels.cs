using System.Net.Http;
using Grpc.Net.Client;

namespace EcgStream.Client.Streaming;

/// <summary>Channels as this client wants them.</summary>
public static class GrpcChannels
{
    /// <summary>
    /// One channel for any number of devices: a server allows about 100 calls on one HTTP/2 connection, so further connections are opened as
    /// needed. Pings find a peer that is gone without a word.
    /// </summary>
    public static GrpcChannel Open(StreamEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return GrpcChannel.ForAddress(endpoint.GrpcAddress, new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                ConnectTimeout = TimeSpan.FromSeconds(5),
            },
        });
    }
}
