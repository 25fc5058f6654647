using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary><c>grpc.health.v1.Health</c> over the host's own health checks.</summary>
internal sealed class HealthServiceIntegration(
    HealthServiceImpl health, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime) : Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (options.Value.UseHealthChecksCache)
        {
            return await health.Check(request, context).ConfigureAwait(false);
        }

        var status = await MeasureAsync(request.Service, context.CancellationToken).ConfigureAwait(false);
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, ""))
            : new HealthCheckResponse { Status = status };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        if (!options.Value.UseHealthChecksCache)
        {
            health.SetStatus(request.Service, await MeasureAsync(request.Service, context.CancellationToken).ConfigureAwait(false));
        }

        if (options.Value.SuppressCompletionOnShutdown)
        {
            await health.Watch(request, responseStream, context).ConfigureAwait(false);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await health.Watch(request, responseStream, new EndingCallContext(context, ending.Token)).ConfigureAwait(false);
        if (!context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing }).ConfigureAwait(false);
        }
    }

    private async Task<ServingStatus> MeasureAsync(string name, CancellationToken cancellation)
    {
        if (options.Value.Services.Find(name) is not { } service)
        {
            return ServingStatus.ServiceUnknown;
        }

        var report = await checks
            .CheckHealthAsync(r => service.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(r.Name, r.Tags)) != false, cancellation)
            .ConfigureAwait(false);
        return GrpcHealthChecksPublisher.Status(report, service);
    }
}
