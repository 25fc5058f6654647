using EcgStream.Daemon.Storage;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Journal;

public static class JournalServiceCollectionExtensions
{
    /// <summary>Adds the journal. Call it before the stages that append, so that it opens before they start. Needs <c>AddEcgStorage</c> for its default folder.</summary>
    public static IServiceCollection AddEcgJournal(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<JournalOptions>()
            .Bind(configuration.GetSection(JournalOptions.SectionName))
            .PostConfigure<IOptions<StorageOptions>>((options, storage) => options.Directory ??= Path.Combine(storage.Value.DataDirectory, "journal"))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<JournalOptions>, JournalOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<JournalMetrics>();
        services.AddSingleton<ChunkJournal>();
        services.AddEcgSupervision();
        services.AddSingleton<IStageProgress>(provider => provider.GetRequiredService<ChunkJournal>());
        services.AddHostedService<JournalService>();
        services.AddHealthChecks().AddCheck<JournalHealthCheck>("journal");
        return services;
    }
}
