using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Sessions;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.Options;
using SessionOptions = EcgStream.Core.Sessions.SessionOptions;

namespace EcgStream.Daemon.Pipeline;

public static class PipelineServiceCollectionExtensions
{
    /// <summary>Adds the shards and what they run. Call it after the stages that take windows, results and alarms, before ingest.</summary>
    public static IServiceCollection AddEcgPipeline(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PipelineOptions>().Bind(configuration.GetSection(PipelineOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SessionOptions>().Bind(configuration.GetSection(SessionOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WindowOptions>().Bind(configuration.GetSection(WindowOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<WindowOptions>, WindowOptionsRules>();
        services.AddOptions<BeatOptions>().Bind(configuration.GetSection(BeatOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PipelineMetrics>();
        services.AddSingleton<DeviceDirectory>();
        services.AddSingleton<IResultSink, ResultRouter>();
        services.AddSingleton<ModelWindows>();
        services.AddSingleton(provider => provider.GetRequiredService<ModelWindows>().Plan);
        services.AddSingleton<BeatOutlets>();
        services.AddSingleton<StreamOutlets>();
        services.AddSingleton<DeviceStreamFactory>();
        services.AddSingleton<ShardSet>();
        services.AddSingleton<DeviceRegistry>();
        services.AddSingleton<DeviceDischarge>();
        services.AddSingleton(provider =>
        {
            var pipeline = provider.GetRequiredService<IOptions<PipelineOptions>>().Value;
            return new ChunkTicketPool(pipeline.ShardCapacity, provider.GetRequiredService<IngestMetrics>());
        });
        services.AddSingleton<IPipelineStatusSource, PipelineStatusSource>();
        services.AddSingleton<IDaemonFault, ChunksNotRecorded>();
        services.AddSingleton<IDaemonFault, ResultsNotStored>();
        services.AddSingleton<IDaemonFault, DatabasesDamaged>();
        services.AddSingleton<PipelineService>();
        services.AddEcgSupervision();
        services.AddSingleton<IStageProgress>(provider => provider.GetRequiredService<PipelineService>());
        services.AddSingleton<IStageProgress, BatcherProgress>();
        services.AddHostedService(provider => provider.GetRequiredService<PipelineService>());
        services.AddHealthChecks().AddCheck<PipelineHealthCheck>("pipeline");
        return services;
    }
}
