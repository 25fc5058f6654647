using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Event ids 5000 to 5099.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(5000, LogLevel.Information, "Metrics and traces go to {Endpoint} every {Interval}")]
    public static partial void Exporting(ILogger log, string endpoint, TimeSpan interval);

    [LoggerMessage(5001, LogLevel.Warning, "nvidia-smi cannot be read, so the GPU's load is not shown: {Reason}")]
    public static partial void GpuUnread(ILogger log, string reason);

    [LoggerMessage(5002, LogLevel.Warning, "Health of {Stage} is {Status}: {Reason}")]
    public static partial void StageUnwell(ILogger log, string stage, HealthStatus status, string reason);

    [LoggerMessage(5003, LogLevel.Information, "Health of {Stage} is well again")]
    public static partial void StageWell(ILogger log, string stage);
}
