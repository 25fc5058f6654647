using EcgStream.Daemon.Telemetry.Exposition;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Telemetry;

public static class TelemetryServiceCollectionExtensions
{
    /// <summary>Adds what the daemon tells of itself. Call it first, so that no stage's start goes uncounted.</summary>
    public static IServiceCollection AddEcgTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddEcgMetricStore();
        services.AddSingleton<DaemonMetrics>();
        services.AddHostedService<OtlpExport>();
        services.AddHostedService<GpuMonitor>();
        return services;
    }

    /// <summary>The present state of all instruments; may be added more than once.</summary>
    internal static IServiceCollection AddEcgMetricStore(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<MetricStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TelemetryService>());
        return services;
    }

    /// <summary>Maps <c>/metrics</c> where <c>Telemetry:Prometheus</c> is on.</summary>
    public static void MapEcgMetrics(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapGet("/metrics", static (MetricStore store, IOptions<TelemetryOptions> options) =>
            options.Value.Prometheus ? Results.Text(PrometheusText.Write(store), PrometheusText.ContentType) : Results.NotFound());
    }
}
