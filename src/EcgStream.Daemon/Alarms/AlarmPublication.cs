using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Lets each <see cref="IAlarmPublisher"/> follow the alarms from the start of this process on. What was decided before a crash and not
/// handed over yet is in the journal, but is not published again.
/// </summary>
internal sealed class AlarmPublication(
    AlarmEngine engine, IEnumerable<IAlarmPublisher> publishers, CursorFeed<AlarmEvent> feed, AlarmMetrics metrics, IOptions<AlarmEngineOptions> options,
    TimeProvider clock, ILogger<AlarmPublication> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not the feed's cursor of now: this begins on another thread, after the engine may have decided something.
        return Task.WhenAll(publishers.Select(publisher => FollowAsync(publisher, engine.StartCursor, stoppingToken)));
    }

    private async Task FollowAsync(IAlarmPublisher publisher, ulong after, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var transition in feed.ReadAsync(after, stopping))
                {
                    await PublishAsync(publisher, transition, stopping);
                    after = transition.Cursor;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A store that fails now may work later; the publisher resumes after what it has.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                AlarmLog.FeedFaulted(log, fault, options.Value.RetryDelayLimit);
                await Task.Delay(options.Value.RetryDelayLimit, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PublishAsync(IAlarmPublisher publisher, AlarmEvent transition, CancellationToken stopping)
    {
        var delay = options.Value.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            Exception? reason = null;
            try
            {
                if (await publisher.PublishAsync(transition, stopping))
                {
                    if (attempt > 1)
                    {
                        AlarmLog.PublisherRecovered(log, publisher.Name);
                    }

                    return;
                }
            }
#pragma warning disable CA1031 // Whatever a broker's client throws: the transition is kept and tried again.
            catch (Exception fault) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                reason = fault;
            }

            metrics.PublisherFailed(publisher.Name);
            if (attempt == 1)
            {
                AlarmLog.PublisherFailed(log, reason, publisher.Name, delay);
            }

            await Task.Delay(delay, clock, stopping);
            delay = delay * 2 < options.Value.RetryDelayLimit ? delay * 2 : options.Value.RetryDelayLimit;
        }
    }
}
