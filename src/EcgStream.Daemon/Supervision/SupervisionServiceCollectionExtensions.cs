using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcgStream.Daemon.Supervision;

internal static class SupervisionServiceCollectionExtensions
{
    /// <summary>Marks the health checks that a process must pass to be left alive.</summary>
    public const string LiveTag = "live";

    /// <summary>What stages need to be supervised; each stage adds it for itself.</summary>
    public static IServiceCollection AddEcgSupervision(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(StageWatch)))
        {
            return services;
        }

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StageRestarts>();
        services.AddSingleton<StageSupervision>();
        services.AddSingleton<StageWatch>();
        services.AddHealthChecks().AddCheck<StageWatch>("stages", tags: [LiveTag]);
        return services;
    }
}
