using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Sqlite;

public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds the embedded store and the alarm journal. Call it first: what is added later starts after it and stops before it.</summary>
    public static IServiceCollection AddEcgStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddEcgSupervision();
        services.AddSingleton<SqliteDatabases>();
        services.AddSingleton<StoreMetrics>();
        services.AddSingleton<ResultStore>();
        services.AddSingleton<IStageProgress>(provider => provider.GetRequiredService<ResultStore>());
        services.AddSingleton<IResultStore>(provider => provider.GetRequiredService<ResultStore>());
        services.AddSingleton<AlarmJournal>();
        services.AddSingleton<IAlarmJournal>(provider => provider.GetRequiredService<AlarmJournal>());
        services.AddSingleton<ILimitStore, LimitStore>();
        services.AddHostedService<StorageService>();
        services.AddHostedService(provider => new ResultPublication(
            provider.GetRequiredService<ResultStore>(), provider.GetService<ResultFeed>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage");
        return services;
    }
}
