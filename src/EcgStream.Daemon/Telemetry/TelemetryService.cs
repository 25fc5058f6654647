using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EcgStream.Daemon.Telemetry;

/// <summary>
/// Starts before every other stage: makes the daemon's own instruments, and lets each counter appear with 0, since one that
/// appears with its first count would hide that count from Prometheus's <c>increase()</c>. Stopping sends what is left within
/// <see cref="TelemetryOptions.OtlpTimeout"/>.
/// </summary>
internal sealed class TelemetryService(
    IServiceProvider services, IMeterFactory meters, IOptions<TelemetryOptions> options, ILogger<TelemetryService> log)
    : IHostedService, IDisposable
{
    private readonly MeterListener _counters = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<DaemonMetrics>();
        _counters.InstrumentPublished = (instrument, _) =>
        {
            if (instrument is Counter<long> counter && ReferenceEquals(counter.Meter.Scope, meters))
            {
                counter.Add(0);
            }
        };
        _counters.Start(); // after the meter provider, which has been told of each instrument before this listener is
        if (options.Value.OtlpEndpoint.Length > 0)
        {
            TelemetryLog.Exporting(log, options.Value.OtlpEndpoint, options.Value.OtlpInterval);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var limit = (int)options.Value.OtlpTimeout.TotalMilliseconds;
        return Task.Run(
            () =>
            {
                services.GetRequiredService<MeterProvider>().Shutdown(limit);
                services.GetRequiredService<TracerProvider>().Shutdown(limit);
            },
            CancellationToken.None);
    }

    public void Dispose() => _counters.Dispose();
}
