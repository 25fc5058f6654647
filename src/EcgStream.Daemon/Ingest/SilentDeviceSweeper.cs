using EcgStream.Daemon.Supervision;

namespace EcgStream.Daemon.Ingest;

/// <summary>Once a minute lets go of devices that have been silent for <see cref="IngestOptions.ForgetAfter"/>.</summary>
internal sealed class SilentDeviceSweeper(DeviceRegistry devices, StageSupervision supervision) : SupervisedService("sweeper", supervision)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock = supervision.Clock;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await devices.ForgetSilentAsync(stoppingToken);
        }
    }
}
