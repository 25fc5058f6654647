using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Degraded without a connection to the external broker: the broker keeps the devices' chunks meanwhile, and gRPC works on.</summary>
internal sealed class ExternalBrokerHealthCheck(ExternalBroker broker) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(broker.Fault is { } fault ? HealthCheckResult.Degraded($"No connection to the MQTT broker: {fault}") : HealthCheckResult.Healthy());
}
