using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Telemetry;

/// <summary>What the daemon tells of itself: a page for Prometheus, and OTLP where a collector is named. Logs are set under <c>Logging</c>.</summary>
public sealed class TelemetryOptions
{
    public const string SectionName = "Telemetry";

    /// <summary>Serves <c>/metrics</c> on the HTTP port, for Prometheus.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>OpenTelemetry collector as <c>http://host:4317</c>; empty = nothing is sent. Metrics and traces go there.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How the collector is spoken to: gRPC (its port 4317) or HTTP with protobuf (4318; <c>/v1/metrics</c> and <c>/v1/traces</c> are added to the endpoint).</summary>
    public OtlpTransport OtlpProtocol { get; set; }

    /// <summary>How often metrics are sent to the collector. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan OtlpInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for the collector. One that does not answer costs nothing but the data of that time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan OtlpTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Share of batches, commits and calls that are traced. 200 devices make some 100 of them a second; more traces cost memory and network.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.01;

    /// <summary>How often <c>nvidia-smi</c> is asked for the load of the GPUs, where there is one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan GpuInterval { get; set; } = TimeSpan.FromSeconds(15);
}
