using EcgStream.Daemon.Feeds;
using EcgStream.Daemon.Supervision;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Lets each <see cref="IAlarmPublisher"/> follow the alarms from the start of this process on. What was decided before a crash and not
/// handed over yet is in the journal, but is not published again.
/// </summary>
internal sealed class AlarmPublication(
    AlarmEngine engine, IEnumerable<IAlarmPublisher> publishers, CursorFeed<AlarmEvent> feed, AlarmMetrics metrics, IOptions<AlarmEngineOptions> options,
    StageSupervision supervision, ILogger<AlarmPublication> log) : SupervisedService("alarm-publication", supervision)
{
    private readonly TimeProvider _clock = supervision.Clock;

    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        // Not the feed's cursor of now: this begins on another thread, after the engine may have decided something.
        return Task.WhenAll(publishers.Select(publisher => FollowAsync(publisher, engine.StartCursor, stoppingToken)));
    }

    private async Task FollowAsync(IAlarmPublisher publisher, ulong after, CancellationToken stopping)
    {
        var untilTaken = UntilTaken(publisher);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var transition in feed.ReadAsync(after, stopping))
                {
                    await PublishAsync(untilTaken, publisher, transition, stopping);
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
                await Task.Delay(options.Value.RetryDelayLimit, _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PublishAsync(
        ResiliencePipeline<bool> untilTaken, IAlarmPublisher publisher, AlarmEvent transition, CancellationToken stopping)
    {
        var attempts = 0;
        await untilTaken.ExecuteAsync(
            async stop =>
            {
                attempts++;
                return await publisher.PublishAsync(transition, stop);
            },
            stopping);
        if (attempts > 1)
        {
            AlarmLog.PublisherRecovered(log, publisher.Name);
        }
    }

    /// <summary>Whatever a broker's client throws: the transition is kept and tried again.</summary>
    private ResiliencePipeline<bool> UntilTaken(IAlarmPublisher publisher) => new ResiliencePipelineBuilder<bool> { TimeProvider = _clock }
        .AddRetry(new RetryStrategyOptions<bool>
        {
            ShouldHandle = static tried => ValueTask.FromResult(
                tried.Outcome.Exception is null ? !tried.Outcome.Result : !tried.Context.CancellationToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.Value.RetryDelay,
            MaxDelay = options.Value.RetryDelayLimit,
            OnRetry = tried =>
            {
                metrics.PublisherFailed(publisher.Name);
                if (tried.AttemptNumber == 0)
                {
                    AlarmLog.PublisherFailed(log, tried.Outcome.Exception, publisher.Name, tried.RetryDelay);
                }

                return default;
            },
        })
        .Build();
}
