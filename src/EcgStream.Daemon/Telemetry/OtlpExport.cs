using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Metrics and traces to a collector, as the settings say.</summary>
internal static class OtlpExport
{
    public static MetricReader Metrics(TelemetryOptions options) => new PeriodicExportingMetricReader(
        new OtlpMetricExporter(Exporter(options, "metrics")),
        (int)options.OtlpInterval.TotalMilliseconds,
        (int)options.OtlpTimeout.TotalMilliseconds);

    public static BatchActivityExportProcessor Traces(TelemetryOptions options) =>
        new(new OtlpTraceExporter(Exporter(options, "traces")));

    private static OtlpExporterOptions Exporter(TelemetryOptions options, string signal)
    {
        var overHttp = options.OtlpProtocol == OtlpTransport.Http;
        return new OtlpExporterOptions
        {
            Endpoint = new Uri(overHttp ? $"{options.OtlpEndpoint.TrimEnd('/')}/v1/{signal}" : options.OtlpEndpoint),
            Protocol = overHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            TimeoutMilliseconds = (int)options.OtlpTimeout.TotalMilliseconds,
        };
    }
}
