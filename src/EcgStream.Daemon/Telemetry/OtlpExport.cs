using EcgStream.Core.Time;
using EcgStream.Daemon.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Metrics and traces to a collector, while the daemon runs and an endpoint is set. Stopping sends what is left within <see cref="TelemetryOptions.OtlpTimeout"/>.</summary>
internal sealed class OtlpExport(IOptions<TelemetryOptions> options, ILogger<OtlpExport> log) : IHostedService, IDisposable
{
    private readonly TelemetryOptions _options = options.Value;
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.OtlpEndpoint.Length == 0)
        {
            return Task.CompletedTask;
        }

        var resource = ResourceBuilder.CreateEmpty().AddService("ecgstreamd", serviceVersion: Usage.Version);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("EcgStream", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)_options.OtlpInterval.TotalMilliseconds;
                reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds = (int)_options.OtlpTimeout.TotalMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Traces.SourceName, "Microsoft.AspNetCore")
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(_options.TraceRatio)))
            .AddOtlpExporter(exporter => Configure(exporter, "traces"))
            .Build();
        TelemetryLog.Exporting(log, _options.OtlpEndpoint, _options.OtlpInterval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var limit = (int)_options.OtlpTimeout.TotalMilliseconds;
        return Task.Run(
            () =>
            {
                _metrics?.Shutdown(limit);
                _traces?.Shutdown(limit);
            },
            CancellationToken.None);
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter, string signal)
    {
        var overHttp = _options.OtlpProtocol == OtlpTransport.Http;
        exporter.Endpoint = new Uri(overHttp ? $"{_options.OtlpEndpoint.TrimEnd('/')}/v1/{signal}" : _options.OtlpEndpoint);
        exporter.Protocol = overHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.TimeoutMilliseconds = (int)_options.OtlpTimeout.TotalMilliseconds;
    }
}
