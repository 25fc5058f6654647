using EcgStream.Daemon.Supervision;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Once a minute lets go of the embedded broker's sessions whose clients have left for too long.</summary>
internal sealed class MqttSessionSweeper(EmbeddedBroker broker, StageSupervision supervision)
    : SupervisedService("mqtt-sessions", supervision)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _clock = supervision.Clock;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var left = new LeftSessions(_clock);
        using var timer = new PeriodicTimer(Period, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await broker.ForgetSessionsAsync(left);
        }
    }
}
