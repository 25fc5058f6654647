using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Takes the reports that the host publishes from time to time to those who watch.</summary>
internal sealed class GrpcHealthChecksPublisher(HealthServiceImpl health, IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var service in options.Value.Services)
        {
            health.SetStatus(service.Name, Status(report, service));
        }

        return Task.CompletedTask;
    }

    /// <summary>Unhealthy by any check, else serving; unknown where no check counts for the service.</summary>
    internal static ServingStatus Status(HealthReport report, ServiceMapping service)
    {
        var status = ServingStatus.Unknown;
        foreach (var (name, entry) in report.Entries)
        {
            if (service.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(name, entry.Tags)) == false)
            {
                continue;
            }

            if (entry.Status == HealthStatus.Unhealthy)
            {
                return ServingStatus.NotServing;
            }

            status = ServingStatus.Serving;
        }

        return status;
    }
}
