using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace EcgStream.Daemon.Storage.Influx;

public static class InfluxServiceCollectionExtensions
{
    /// <summary>
    /// Adds the feed to InfluxDB where <c>Storage:Influx:Url</c> is set. Call it after <c>AddEcgStorage</c>; <c>AddEcgTelemetry</c> adds what its
    /// <c>ecg_pipeline</c> reads.
    /// </summary>
    public static IServiceCollection AddEcgInflux(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(InfluxOptions.SectionName);
        services.AddOptions<InfluxOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<InfluxOptions>, InfluxOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<InfluxMetrics>();
        if (!string.IsNullOrEmpty(section[nameof(InfluxOptions.Url)]))
        {
            services.AddSingleton<PipelineReadings>();
            services.ConfigureOpenTelemetryMeterProvider(
                static (provider, metrics) => metrics.AddReader(provider.GetRequiredService<PipelineReadings>().Reader));
            services.AddSingleton<IInfluxWriter, InfluxWriter>();
            services.AddHostedService<InfluxFeeder>();
            services.AddHealthChecks().AddCheck<InfluxHealthCheck>("influx");
        }

        return services;
    }
}
