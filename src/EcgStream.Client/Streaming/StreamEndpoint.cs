using System.Diagnostics.CodeAnalysis;

namespace EcgStream.Client.Streaming;

/// <summary>Where to stream to: <c>grpc://host:port</c> or <c>mqtt://host:port</c>.</summary>
public sealed record StreamEndpoint(StreamTransport Transport, string Host, int Port)
{
    public const int DefaultGrpcPort = 50051;
    public const int DefaultMqttPort = 1883;

    /// <summary>Address of the gRPC channel (HTTP/2 without TLS).</summary>
    public Uri GrpcAddress => Transport == StreamTransport.Grpc
        ? new UriBuilder(Uri.UriSchemeHttp, Host, Port).Uri
        : throw new InvalidOperationException($"{this} is not a gRPC endpoint.");

    /// <summary>Reads an endpoint; false with the reason when it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StreamEndpoint? endpoint, out string problem)
    {
        endpoint = null;
        problem = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            problem = $"'{text}' is not an address of the form grpc://host:port or mqtt://host:port";
            return false;
        }

        if (uri.PathAndQuery is not ("" or "/") || uri.UserInfo.Length > 0)
        {
            problem = $"'{text}' has more than a host and a port";
            return false;
        }

        switch (uri.Scheme)
        {
            case "grpc":
                endpoint = new StreamEndpoint(StreamTransport.Grpc, uri.Host, uri.Port > 0 ? uri.Port : DefaultGrpcPort);
                return true;
            case "mqtt":
                endpoint = new StreamEndpoint(StreamTransport.Mqtt, uri.Host, uri.Port > 0 ? uri.Port : DefaultMqttPort);
                return true;
            default:
                problem = $"'{text}' has scheme '{uri.Scheme}'; grpc and mqtt are known";
                return false;
        }
    }

    public override string ToString() => FormattableString.Invariant($"{(Transport == StreamTransport.Grpc ? "grpc" : "mqtt")}://{Host}:{Port}");
}
