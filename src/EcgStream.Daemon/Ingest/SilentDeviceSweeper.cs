namespace EcgStream.Daemon.Ingest;

/// <summary>Once a minute lets go of devices that have been silent for <see cref="IngestOptions.ForgetAfter"/>.</summary>
internal sealed class SilentDeviceSweeper(DeviceRegistry devices, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await devices.ForgetSilentAsync(stoppingToken);
        }
    }
}
