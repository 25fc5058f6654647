using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Daemon.Ingest.Mqtt;
using EcgStream.Daemon.Journal;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Pipeline;
using EcgStream.Daemon.Storage.Influx;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Daemon.Telemetry;
using EcgStream.Inference;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Hosting;

/// <summary>Puts the stages together, in the order in which they start; they stop in the opposite one, so what is under way is drained downstream.</summary>
internal static class DaemonHost
{
    /// <param name="args">Settings as <c>--Section:Key=value</c>; they win over the environment and the file.</param>
    /// <param name="configure">Last changes, for the demo and for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddDaemonSettings(args);

        // The slim builder fixes the plain format, whatever the settings say; json and systemd must be had too.
        builder.Logging.AddConsole();
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? console.FormatterName);
        configure?.Invoke(builder);

        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddEcgTelemetry(configuration);
        services.AddEcgStorage(configuration);
        services.AddEcgMonitor(configuration);
        services.AddEcgJournal(configuration);
        services.AddEcgInflux(configuration);
        services.AddEcgAlarms(configuration);
        services.AddEcgInference(configuration);
        services.AddEcgPipeline(configuration);
        services.AddEcgIngest(configuration);
        services.AddEcgSystemd();
        services.AddEcgGrpc();
        services.AddOptions<HttpOptions>().Bind(configuration.GetSection(HttpOptions.SectionName)).ValidateDataAnnotations()
            .Validate(http => BindAddress.IsValid(http.BindAddress), $"{HttpOptions.SectionName}:BindAddress must be localhost, * or an IP address.")
            .ValidateOnStart();
        builder.WebHost.ConfigureKestrel(Listen);

        var app = builder.Build();
        app.MapGrpcService<GrpcIngestService>();
        app.MapEcgMqtt();
        app.MapEcgMonitor();
        app.MapEcgHealth();
        app.MapEcgMetrics();
        app.MapEcgGrpcSurface();
        return app;
    }

    /// <summary>Takes the options validated, because this runs before the host validates any.</summary>
    private static void Listen(KestrelServerOptions kestrel)
    {
        var grpc = kestrel.ApplicationServices.GetRequiredService<IOptions<GrpcIngestOptions>>().Value;
        var http = kestrel.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10); // a peer that sends its headers byte by byte
        kestrel.Limits.Http2.KeepAlivePingDelay = grpc.KeepAlivePingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = grpc.KeepAlivePingTimeout;
        kestrel.Limits.Http2.MaxStreamsPerConnection = grpc.MaxStreamsPerConnection;
        kestrel.Listen(grpc.BindAddress, grpc.Port, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(http.BindAddress, http.Port, listen => listen.Protocols = HttpProtocols.Http1);
        var mqtt = kestrel.ApplicationServices.GetRequiredService<IOptions<MqttIngestOptions>>().Value;
        if (mqtt is { Enabled: true, Broker.Length: 0 })
        {
            kestrel.Listen(mqtt.BindAddress, mqtt.Port, listen => listen.UseConnectionHandler<MqttConnections>());
        }
    }
}
