using EcgStream.Core.Windows;
using EcgStream.Inference.Batching;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;
using EcgStream.Testing;
using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Batching;

/// <summary>A model that throws: what is lost, what is told, and when it is loaded again.</summary>
public sealed class ModelReloadTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CollectingSink _sink = new();
    private readonly ListLogger<ModelBatcher> _log = new();

    [Fact]
    public async Task Run_FailsOnce_TheReloadedModelAnswersTheSameWindows()
    {
        await using var batcher = Batcher(Broken(), new ScriptedSource(_ => new ScriptedClassifier(2)));
        Enqueue(batcher, 4);
        batcher.Start();
        await _sink.WaitForAsync(4);
        await batcher.StopAsync();
        Assert.Equal([0L, 1L, 2L, 3L], _sink.Results.Select(result => result.StartUnixNs));
        var status = batcher.Status;
        Assert.Equal((0L, 1L, 1L, ModelState.Answering), (status.Dropped, status.FailedBatches, status.Reloads, status.State));
        Assert.Equal([4003, 4004], _log.Lines.Select(line => line.Id));
    }

    /// <summary>Whether it cannot be loaded or fails when it runs: windows are refused at once and counted, attempts are spaced out, and the first that answers ends it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_GoesOnFailing_AttemptsBackOffAndTheWindowsAreCounted(bool loads)
    {
        const int Healed = 3;
        var attempts = new List<TimeSpan>();
        var source = new ScriptedSource(attempt =>
        {
            attempts.Add(_clock.GetElapsedTime(0));
            return attempt >= Healed ? new ScriptedClassifier(2) : loads ? Broken() : throw new IOException("the disk is gone");
        });
        await using var batcher = Batcher(Broken(), source);
        batcher.Start();
        var sent = 0;
        while (_sink.Results.Count == 0)
        {
            Enqueue(batcher, 2, from: sent);
            sent += 2;
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
            if (source.Attempts is > 0 and <= Healed)
            {
                Assert.Equal(ModelState.Failed, batcher.Status.State);
            }
        }

        await batcher.StopAsync();
        Assert.Equal(Healed + 1, attempts.Count);
        for (var attempt = 1; attempt <= Healed; attempt++)
        {
            Assert.True(attempts[attempt] - attempts[attempt - 1] > TimeSpan.FromSeconds(0.5 * Math.Pow(2, attempt - 1)) - TimeSpan.FromMilliseconds(1), $"attempt {attempt} came after {attempts[attempt] - attempts[attempt - 1]}");
        }

        var status = batcher.Status;
        Assert.Equal((ModelState.Answering, (string?)null), (status.State, status.Fault));
        Assert.Equal(sent, status.Windows + status.Dropped);
        Assert.True(status.Dropped > 0);
        Assert.Equal(0, batcher.Pool.Rented);
        Assert.Equal(Healed, _log.Lines.Count(line => line.Id == 4010));
    }

    [Fact]
    public async Task DisposeAsync_WhileItWaitsForTheNextAttempt_EndsAtOnce()
    {
        var batcher = Batcher(Broken(), new ScriptedSource());
        Enqueue(batcher, 1);
        batcher.Start();
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        while (!_log.Lines.Any(line => line.Id == 4010))
        {
            await Task.Yield();
        }

        await batcher.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal((ModelState.Failed, "no such model", 1L), (batcher.Status.State, batcher.Status.Fault, batcher.Status.Dropped));
    }

    /// <summary>A run that hangs says nothing by itself: whoever asks for the state sees it.</summary>
    [Fact]
    public async Task Status_RunThatHangs_IsBehindAfterTheLimit()
    {
        using var release = new SemaphoreSlim(0);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var classifier = new ScriptedClassifier(1)
        {
            OnRun = _ =>
            {
                running.TrySetResult();
                release.Wait(TimeSpan.FromSeconds(30));
            },
        };
        await using var batcher = Batcher(classifier, new ScriptedSource());
        batcher.Start();
        Enqueue(batcher, 1);
        await running.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ModelState.Answering, batcher.Status.State);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((ModelState.Behind, true), (batcher.Status.State, batcher.Status.Lag > TimeSpan.FromSeconds(5)));
        release.Release();
        await _sink.WaitForAsync(1);
        await batcher.StopAsync();
        Assert.Equal(ModelState.Answering, batcher.Status.State);
    }

    private static ScriptedClassifier Broken() => new(2) { OnRun = _ => throw new InvalidOperationException("the session is broken") };

    private ModelBatcher Batcher(IBatchClassifier classifier, IModelSource source) =>
        new(classifier, source, new InferenceOptions { MaxDelay = TimeSpan.FromMilliseconds(20), QueueCapacity = 64 }, [_sink], Loader.Metrics(), _clock, _log);

    private static int Enqueue(ModelBatcher batcher, int count, int from = 0) => Enumerable.Range(from, count).Count(index =>
    {
        var window = batcher.Pool.TryRent()!;
        window.Input.Span[0] = 0.25f;
        window.Describe("bed", 1, index, index + 1, WindowMarks.None, 0);
        return batcher.TryEnqueue(window);
    });
}
