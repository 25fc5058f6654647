using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Feeds;

public static class FeedServiceCollectionExtensions
{
    /// <summary>Options and instruments that all feeds share. May be called more than once.</summary>
    public static IServiceCollection AddEcgFeeds(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.Any(service => service.ServiceType == typeof(FeedMetrics)))
        {
            return services;
        }

        services.AddOptions<FeedOptions>().Bind(configuration.GetSection(FeedOptions.SectionName)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<FeedOptions>, FeedOptionsValidator>();
        services.AddMetrics();
        services.AddSingleton<FeedMetrics>();
        return services;
    }
}
