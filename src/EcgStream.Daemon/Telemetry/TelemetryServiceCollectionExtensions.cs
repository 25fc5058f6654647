using System.Diagnostics.Metrics;
using EcgStream.Core.Time;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EcgStream.Daemon.Telemetry;

public static class TelemetryServiceCollectionExtensions
{
    /// <summary>
    /// Sets of tags of one instrument; further ones are counted together. The largest by design is reason × transport of refusals, below 60.
    /// </summary>
    internal const int MaxSeries = 256;

    private const string OwnMeter = "EcgStream";
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>Adds what the daemon tells of itself. Call it first, so that no stage's start goes uncounted.</summary>
    public static IServiceCollection AddEcgTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddMetrics();
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("ecgstreamd", serviceVersion: Product.Version))
            .WithMetrics(static metrics => metrics.AddPrometheusExporter(static page =>
            {
                page.ScopeInfoEnabled = false; // the same on every line
                page.ScrapeResponseCacheDurationMilliseconds = 0; // a scrape is the present state
            }))
            .WithTracing();
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            metrics.AddEcgInstruments(provider.GetRequiredService<IMeterFactory>());
            var options = provider.GetRequiredService<IOptions<TelemetryOptions>>().Value;
            if (options.OtlpEndpoint.Length > 0)
            {
                metrics.AddReader(OtlpExport.Metrics(options));
            }
        });
        services.ConfigureOpenTelemetryTracerProvider((provider, traces) =>
        {
            var options = provider.GetRequiredService<IOptions<TelemetryOptions>>().Value;
            if (options.OtlpEndpoint.Length > 0)
            {
                traces.AddSource(Traces.SourceName, "Microsoft.AspNetCore")
                    .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
                    .AddProcessor(OtlpExport.Traces(options));
            }
        });
        services.AddSingleton<DaemonMetrics>();
        services.AddEcgSupervision();
        services.AddLogging(static logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        services.AddSingleton<IHealthCheckPublisher, HealthChangeLog>();
        services.AddHostedService<TelemetryService>();
        services.AddHostedService<GpuMonitor>();
        return services;
    }

    /// <summary>
    /// The instruments that this daemon's own factory made, and the runtime's: several daemons in one process, as in tests, do not count for
    /// one another.
    /// </summary>
    internal static MeterProviderBuilder AddEcgInstruments(this MeterProviderBuilder metrics, IMeterFactory meters) =>
        metrics.AddMeter(OwnMeter, RuntimeMeter).AddView(instrument => IsTold(instrument, meters)
            ? new MetricStreamConfiguration { CardinalityLimit = MaxSeries }
            : MetricStreamConfiguration.Drop);

    /// <summary>Maps <c>/metrics</c> where <c>Telemetry:Prometheus</c> is on.</summary>
    public static void MapEcgMetrics(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        // Made with the first scrape: it builds the meter provider, which reads options that the start has yet to validate.
        var page = new Lazy<RequestDelegate>(
            () => endpoints.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build());
        endpoints.MapGet("/metrics", (HttpContext context, IOptions<TelemetryOptions> options) =>
        {
            if (options.Value.Prometheus)
            {
                return page.Value(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    // In Prometheus the ending _count is a histogram's.
    private static bool IsTold(Instrument instrument, IMeterFactory meters) => instrument.Meter.Name == RuntimeMeter
        ? !instrument.Name.EndsWith(".count", StringComparison.Ordinal)
        : ReferenceEquals(instrument.Meter.Scope, meters);
}
