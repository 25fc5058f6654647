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

    /// <summary>
    /// Bytes of one message from a client; a longer one ends its call with RESOURCE_EXHAUSTED. A chunk has 256 KiB at most and is refused by
    /// itself above, so below that a chunk that is too large would cost its device the whole call.
    /// </summary>
    [Range(512 * 1024, 64 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>Calls on one HTTP/2 connection; further ones wait at the client. A gateway has one for each of its devices.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerConnection { get; set; } = 1000;

    /// <summary>Silence after which a connection is pinged: a peer that is gone without a word frees its session and its place.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer to a ping may take before the connection is cut.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the server tells which services it has and how they are declared (grpc.reflection.v1), for grpcurl and the like.</summary>
    public bool Reflection { get; set; } = true;
}
