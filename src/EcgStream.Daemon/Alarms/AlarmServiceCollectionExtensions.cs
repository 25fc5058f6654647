using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Feeds;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

public static class AlarmServiceCollectionExtensions
{
    /// <summary>
    /// Adds rules, limits, engine, journal writer, feed and publication of alarms. Needs an <see cref="IAlarmJournal"/> and an <see cref="ILimitStore"/>. Call it after the stage that opens the
    /// journal's store and before the stages that feed the engine: hosted services start in this order and stop in the reverse one.
    /// The gRPC service is mapped by <c>MapEcgMonitor</c>; each registered <see cref="IAlarmPublisher"/> follows the alarms.
    /// </summary>
    public static IServiceCollection AddEcgAlarms(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddEcgFeeds(configuration);
        services.AddEcgSupervision();
        services.AddOptions<AlarmOptions>().Bind(configuration.GetSection(AlarmOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlarmOptions>, AlarmOptionsValidator>();
        services.AddOptions<AlarmEngineOptions>().Bind(configuration.GetSection(AlarmEngineOptions.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlarmEngineOptions>, AlarmEngineOptionsValidator>();
        services.AddOptions<ArrhythmiaLimits>().Bind(configuration.GetSection(ArrhythmiaLimits.SectionName)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ArrhythmiaLimits>, ArrhythmiaLimitsValidator>();
        services.AddSingleton<LimitBook>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AlarmMetrics>();
        services.AddSingleton<AlarmBoard>();
        services.AddSingleton<AlarmQueue>();
        services.AddSingleton<AlarmStorer>();
        services.AddSingleton<AlarmWriter>();
        services.AddSingleton<IDaemonFault, AlarmsNotStored>();
        services.AddSingleton<DaemonWatch>();
        services.AddSingleton<AlarmEngine>();
        services.AddSingleton<IStageProgress>(provider => provider.GetRequiredService<AlarmEngine>());
        services.AddSingleton<IStageProgress>(provider => provider.GetRequiredService<AlarmWriter>());
        services.AddSingleton(provider => new CursorFeed<AlarmEvent>(
            "alarms",
            provider.GetRequiredService<AlarmStorer>(),
            static transition => transition.Cursor,
            provider.GetRequiredService<IOptions<FeedOptions>>().Value,
            provider.GetRequiredService<FeedMetrics>()));
        services.AddHostedService(provider => provider.GetRequiredService<AlarmEngine>());
        services.TryAddSingleton<IPublicationStore, PublicationStore>();
        services.AddSingleton<AlarmPublication>();
        services.AddHostedService(provider => provider.GetRequiredService<AlarmPublication>());
        services.AddHealthChecks().AddCheck<AlarmHealthCheck>("alarms");
        return services;
    }
}
