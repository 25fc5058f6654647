using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Protocol.V1;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Hosting;

/// <summary>What every gRPC client and probe expects of a server beside its own services: limits, health, reflection, statuses that say what to do.</summary>
internal static class GrpcSurface
{
    /// <summary>A service is SERVING while all of its stages are; the empty name stands for the daemon as a whole.</summary>
    private static readonly (string Service, string[] Stages)[] _stages =
    [
        (Protocol.V1.Ingest.Descriptor.FullName, ["journal", "pipeline"]),
        (Protocol.V1.Results.Descriptor.FullName, ["storage", "pipeline"]),
        (Alerts.Descriptor.FullName, ["alarms", "storage"]),
        (Protocol.V1.Monitor.Descriptor.FullName, ["pipeline"]),
    ];

    public static void AddEcgGrpc(this IServiceCollection services)
    {
        services.AddSingleton<CallFaults>();
        services.AddGrpc(grpc => grpc.Interceptors.Add<CallFaults>());
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GrpcIngestOptions>>((grpc, ours) => grpc.MaxReceiveMessageSize = ours.Value.MaxMessageBytes);
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(health =>
        {
            foreach (var (service, stages) in _stages)
            {
                health.Services.Map(service, check => stages.Contains(check.Name));
            }
        });
        services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            // What a watcher is told is two seconds old at most.
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = TimeSpan.FromSeconds(2);
        });
    }

    public static void MapEcgGrpcSurface(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcHealthChecksService();
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<GrpcIngestOptions>>().Value.Reflection)
        {
            endpoints.MapGrpcReflectionService();
        }
    }
}
