using EcgStream.Daemon.Supervision;
using EcgStream.Daemon.Tests.Journal;
using EcgStream.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgStream.Daemon.Tests.Supervision;

public sealed class SupervisedServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_Throws_IsStartedAgainWithBackoffCountedAndToldUntilItWorks()
    {
        using var meters = new TestMeterFactory();
        var clock = new ManualTimeProvider();
        var restarts = new StageRestarts(meters);
        using var stage = new Failing(new StageSupervision(restarts, clock, NullLogger<StageSupervision>.Instance), failures: 4);
        await stage.StartAsync(CancellationToken.None);
        await UntilAsync(() => restarts.Total == 1);
        var watch = new StageWatch([], restarts);
        var told = await watch.CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(HealthStatus.Degraded, told.Status);
        Assert.Contains("failing failed and is started again: run 1", told.Description, StringComparison.Ordinal);
        Assert.Equal(1, stage.Runs); // it waits

        await UntilAsync(() => stage.Runs == 5, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(4, restarts.Total);
        await UntilAsync(() => restarts.Failing.Count == 0, () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(HealthStatus.Healthy, (await watch.CheckHealthAsync(new HealthCheckContext())).Status);

        // Fails after it had worked: started again after the first delay.
        stage.FailNow();
        await UntilAsync(() => restarts.Total == 5);
        clock.Advance(SupervisedService.FirstDelay);
        await UntilAsync(() => stage.Runs == 6, () => clock.Advance(TimeSpan.FromMilliseconds(1)));
        await stage.StopAsync(CancellationToken.None);
        Assert.False(stage.ExecuteTask!.IsFaulted);
    }

    [Fact]
    public async Task Watch_AStageIsStuck_IsUnhealthyAndSaysWhich()
    {
        using var meters = new TestMeterFactory();
        var clock = new ManualTimeProvider();
        var meter = new ProgressMeter(clock);
        var watch = new StageWatch([new Looping(meter)], new StageRestarts(meters));
        Assert.Empty(watch.Stuck);
        clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(["The loop has not got on for 21 s"], watch.Stuck);
        Assert.Equal(HealthStatus.Unhealthy, (await watch.CheckHealthAsync(new HealthCheckContext())).Status);
        meter.Advance();
        Assert.Empty(watch.Stuck);
    }

    private static async Task UntilAsync(Func<bool> condition, Action? step = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            step?.Invoke();
            await Task.Yield();
        }
    }

    private sealed class Looping(ProgressMeter meter) : IStageProgress
    {
        public string? DescribeStuck() => meter.Describe("The loop", IStageProgress.Limit);
    }

    private sealed class Failing(StageSupervision supervision, int failures) : SupervisedService("failing", supervision)
    {
        private TaskCompletionSource _failNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public void FailNow() => Interlocked.Exchange(ref _failNow, new TaskCompletionSource()).SetException(new IOException("later"));

        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            var run = Interlocked.Increment(ref _runs);
            if (run <= failures)
            {
                throw new IOException($"run {run}");
            }

            await _failNow.Task.WaitAsync(stoppingToken);
        }
    }
}
