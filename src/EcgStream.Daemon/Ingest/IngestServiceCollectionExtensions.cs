using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Daemon.Ingest.Mqtt;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest;

public static class IngestServiceCollectionExtensions
{
    /// <summary>Adds the gateway and its MQTT side; the gRPC side is mapped by the host. Call it last: once it starts, chunks come.</summary>
    public static IServiceCollection AddEcgIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IngestOptions>().Bind(configuration.GetSection(IngestOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<GrpcIngestOptions>().Bind(configuration.GetSection(GrpcIngestOptions.SectionName)).ValidateDataAnnotations()
            .Validate(grpc => BindAddress.IsValid(grpc.BindAddress), $"{GrpcIngestOptions.SectionName}:BindAddress must be localhost, * or an IP address.")
            .ValidateOnStart();
        services.AddOptions<MqttIngestOptions>().Bind(configuration.GetSection(MqttIngestOptions.SectionName)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MqttIngestOptions>, MqttIngestOptionsValidator>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<BrokerMetrics>();
        services.AddSingleton<IngestGateway>();
        services.AddHostedService<SilentDeviceSweeper>();
        var mqtt = configuration.GetSection(MqttIngestOptions.SectionName).Get<MqttIngestOptions>() ?? new MqttIngestOptions();
        return !mqtt.Enabled ? services
            : mqtt.Broker.Length > 0 ? AddMqtt<ExternalBroker>(services).AddExternalHealth()
            : AddMqtt<EmbeddedBroker>(services);
    }

    private static IServiceCollection AddExternalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<ExternalBrokerHealthCheck>("mqtt");
        return services;
    }

    private static IServiceCollection AddMqtt<T>(IServiceCollection services)
        where T : class, IHostedService, IMqttOutlet
    {
        services.AddSingleton<T>();
        services.AddSingleton<IMqttOutlet>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<IAlarmPublisher, MqttAlarmPublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
        return services;
    }
}
