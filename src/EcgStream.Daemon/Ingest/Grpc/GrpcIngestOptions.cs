using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Ingest.Grpc;

/// <summary>The gRPC endpoint (HTTP/2 without TLS): ingest, results, alarms, monitor.</summary>
public sealed class GrpcIngestOptions
{
    public const string SectionName = "Ingest:Grpc";

    /// <summary>Address to listen on: <c>localhost</c>, an IP address, or <c>*</c> for every interface.</summary>
    [Required(AllowEmptyStrings = false)]
    public string BindAddress { get; set; } = "localhost";

    /// <summary>0 takes a free port, which needs an IP address as <see cref="BindAddress"/>.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 50051;

    /// <summary>
    /// Chunks of one call that may wait for their acknowledgement. More raises throughput over slow links and the memory of each call.
    /// </summary>
    [Range(1, 4096)]
    public int MaxInFlightChunks { get; set; } = 256;
}
