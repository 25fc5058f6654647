using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Feeds;

namespace EcgStream.Daemon.Monitor;

public static class MonitorServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <see cref="ResultsService"/> and <see cref="MonitorService"/> need, save an <see cref="IResultStore"/> and an
    /// <see cref="IPipelineStatusSource"/>. Call it after the stage that opens the result store.
    /// </summary>
    public static IServiceCollection AddEcgMonitor(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEcgFeeds(configuration);
        services.AddSingleton<ResultFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ResultFeed>());
        return services;
    }

    /// <summary>Maps what clinicians and dashboards call over gRPC: alarms, results and the pipeline's own state.</summary>
    public static IEndpointRouteBuilder MapEcgMonitor(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AlertsService>();
        endpoints.MapGrpcService<LimitsService>();
        endpoints.MapGrpcService<ResultsService>();
        endpoints.MapGrpcService<MonitorService>();
        return endpoints;
    }
}
