using Polly;
using Polly.Retry;

namespace EcgStream.Daemon.Supervision;

/// <summary>What each supervised stage needs of its supervisor.</summary>
internal sealed record StageSupervision(StageRestarts Restarts, TimeProvider Clock, ILogger<StageSupervision> Log);

/// <summary>
/// A hosted stage that is started again, with back-off, whatever its loop throws, as long as the daemon runs: no stage takes the process with it, and none
/// ends in silence. Each failure is counted and told in health until the stage has run for <see cref="WorksAfter"/>.
/// </summary>
internal abstract class SupervisedService(string stage, StageSupervision supervision) : BackgroundService
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(30);

    /// <summary>A run that lasts so long counts as one that works.</summary>
    public static readonly TimeSpan WorksAfter = TimeSpan.FromSeconds(10);

    /// <summary>The loop. It runs until it is cancelled; if it returns before, the stage has nothing (more) to do.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the start of the others does not wait for this one
        try
        {
            while (!await RunWithBackoffAsync(stoppingToken))
            {
                // It had worked for a while: the next failure begins with the first delay again.
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    /// <returns>False when the stage failed after it had worked; true when it has nothing more to do.</returns>
    private async Task<bool> RunWithBackoffAsync(CancellationToken stoppingToken)
    {
        var worked = false;
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = supervision.Clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is not null && !worked && !stoppingToken.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LastDelay,
                OnRetry = args =>
                {
                    Failed(args.Outcome.Exception!, args.RetryDelay);
                    return default;
                },
            })
            .Build();
        try
        {
            await pipeline.ExecuteAsync(
                async cancellation =>
                {
                    await using var works = supervision.Clock.CreateTimer(_ => worked = Works(), null, WorksAfter, Timeout.InfiniteTimeSpan);
                    await RunAsync(cancellation);
                    Works();
                },
                stoppingToken);
            return true;
        }
#pragma warning disable CA1031 // Whatever a stage throws, it is started again.
        catch (Exception reason) when (worked && !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Failed(reason, FirstDelay);
            await Task.Delay(FirstDelay, supervision.Clock, stoppingToken);
            return false;
        }
    }

    private void Failed(Exception reason, TimeSpan delay)
    {
        supervision.Restarts.Failed(stage, reason);
        SupervisionLog.StageFailed(supervision.Log, reason, stage, delay);
    }

    private bool Works()
    {
        if (supervision.Restarts.Works(stage))
        {
            SupervisionLog.StageWorks(supervision.Log, stage);
        }

        return true;
    }
}
