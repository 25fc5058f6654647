using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Daemon.Ingest.Mqtt;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using MQTTnet.AspNetCore;

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
        services.AddSingleton<MqttRefusalLog>();
        services.AddSingleton<IngestGateway>();
        services.AddHostedService<SilentDeviceSweeper>();
        var mqtt = configuration.GetSection(MqttIngestOptions.SectionName).Get<MqttIngestOptions>() ?? new MqttIngestOptions();
        return !mqtt.Enabled ? services
            : mqtt.Broker.Length > 0 ? AddMqtt<ExternalBroker>(services).AddExternalHealth()
            : AddMqtt<EmbeddedBroker>(services).AddMqttConnections();
    }

    /// <summary>The embedded broker over WebSockets, as <c>/mqtt</c>.</summary>
    public static void MapEcgMqtt(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<MqttIngestOptions>>().Value is { Enabled: true, Broker.Length: 0, WebSockets: true })
        {
            endpoints.MapConnectionHandler<MqttConnections>("/mqtt", dispatcher =>
            {
                dispatcher.Transports = HttpTransportType.WebSockets;
                dispatcher.WebSockets.SubProtocolSelector = MqttSubProtocolSelector.SelectSubProtocol;
            });
        }
    }

    private static IServiceCollection AddMqttConnections(this IServiceCollection services)
    {
        services.AddConnections();
        services.AddSingleton<MqttConnections>();
        services.AddHostedService<MqttSessionSweeper>();
        services.AddSingleton(provider => new Lazy<EmbeddedBroker>(provider.GetRequiredService<EmbeddedBroker>));
        services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = TcpKeepAlive.Listen);
        return services;
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
