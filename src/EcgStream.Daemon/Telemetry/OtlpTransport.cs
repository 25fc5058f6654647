namespace EcgStream.Daemon.Telemetry;

/// <summary>How OTLP is carried.</summary>
public enum OtlpTransport
{
    /// <summary>gRPC, port 4317 of a collector.</summary>
    Grpc,

    /// <summary>Protobuf over HTTP, port 4318.</summary>
    Http,
}
