using System.Diagnostics.Metrics;
using EcgStream.Daemon.Supervision;
using EcgStream.Inference;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Load, memory and temperature of the GPUs as gauges. Where there is no nvidia-smi, or the models are to run on the CPU, it does nothing.</summary>
internal sealed class GpuMonitor : SupervisedService
{
    private readonly IOptions<TelemetryOptions> _options;
    private readonly IOptions<InferenceOptions> _inference;
    private readonly TimeProvider _clock;
    private readonly ILogger<GpuMonitor> _log;
    private volatile IReadOnlyList<GpuReading> _gpus = [];

    public GpuMonitor(IMeterFactory meters, IOptions<TelemetryOptions> options, IOptions<InferenceOptions> inference, StageSupervision supervision, ILogger<GpuMonitor> log)
        : base("gpu", supervision)
    {
        (_options, _inference, _clock, _log) = (options, inference, supervision.Clock, log);
        var meter = meters.Create("EcgStream");
        meter.CreateObservableGauge("ecg.gpu.utilization", () => Values(gpu => gpu.UtilizationRatio), "1", "Share of time in which the GPU ran something");
        meter.CreateObservableGauge("ecg.gpu.memory.used", () => Values(gpu => gpu.MemoryUsedBytes), "By", "Memory of the GPU in use");
        meter.CreateObservableGauge("ecg.gpu.memory.size", () => Values(gpu => gpu.MemoryTotalBytes), "By", "Memory of the GPU");
        meter.CreateObservableGauge("ecg.gpu.temperature", () => Values(gpu => gpu.TemperatureCelsius), "Cel", "Temperature of the GPU");
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (_inference.Value.Device == InferenceDevice.Cpu || !ToolSearch.Has("nvidia-smi"))
        {
            return;
        }

        string? told = null;
        using var timer = new PeriodicTimer(_options.Value.GpuInterval, _clock);
        do
        {
            (_gpus, var fault) = await NvidiaSmi.ReadAsync(stoppingToken);
            if (fault is not null && fault != told)
            {
                TelemetryLog.GpuUnread(_log, fault);
            }

            told = fault;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<double>> Values(Func<GpuReading, double?> value) =>
        _gpus.Where(gpu => value(gpu) is not null).Select(gpu => new Measurement<double>(value(gpu)!.Value, new KeyValuePair<string, object?>("gpu", gpu.Index)));
}
