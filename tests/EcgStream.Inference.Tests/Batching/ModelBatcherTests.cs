using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Batching;
using EcgStream.Inference.Tests.Sessions;
using EcgStream.Inference.Tests.Support;
using EcgStream.Testing;
using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Batching;

public sealed class ModelBatcherTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);
    private readonly ManualTimeProvider _clock = new();
    private readonly CollectingSink _sink = new();
    private readonly ListLogger<ModelBatcher> _log = new();

    /// <summary>The real model, windows of several patients from several threads: each result belongs to its window, in order for each patient.</summary>
    [Fact]
    public async Task TryEnqueue_ManyPatientsFromManyThreads_EachGetsItsOwnResultsInOrder()
    {
        const int Patients = 4;
        const int Each = 200;
        var options = new InferenceOptions { Device = InferenceDevice.Cpu, MaxDelay = TimeSpan.FromMilliseconds(1), QueueCapacity = Patients * Each };
        await using var batcher = new ModelBatcher(Loader.Classifier(), new ScriptedSource(), options, [_sink], Loader.Metrics(), TimeProvider.System, _log);
        batcher.Start();
        var expected = new double[Patients][];
        await Task.WhenAll(Enumerable.Range(0, Patients).Select(patient => Task.Run(() =>
        {
            var random = new Random(patient);
            expected[patient] = new double[Each];
            for (var index = 0; index < Each; index++)
            {
                var window = batcher.Pool.TryRent()!;
                OnnxClassifierTests.Window(random, window.Recipe.InputLength).CopyTo(window.Input);
                expected[patient][index] = Loader.Expected(window.Input.Span)[1];
                window.Describe($"bed-{patient}", 7, index, index + 10, WindowMarks.Interpolated, 5);
                Assert.True(batcher.TryEnqueue(window));
            }
        })));
        await _sink.WaitForAsync(Patients * Each);
        Assert.Equal(Patients * Each, _sink.Results.Count);
        for (var patient = 0; patient < Patients; patient++)
        {
            var own = _sink.Results.Where(result => result.DeviceId == $"bed-{patient}").ToArray();
            Assert.Equal(Enumerable.Range(0, Each).Select(index => (long)index), own.Select(result => result.StartUnixNs));
            Assert.All(own, result => Assert.Equal(expected[patient][result.StartUnixNs], result.AbnormalScore, 1e-5));
        }

        await batcher.StopAsync();
        Assert.Equal(0, batcher.Pool.Rented);
        var status = batcher.Status;
        Assert.Equal((Patients * Each, 0L, 0), (status.Windows, status.Dropped, status.QueueDepth));
        Assert.InRange(status.Batches, Patients * Each / 8, Patients * Each);
    }

    [Fact]
    public async Task TryEnqueue_FewerThanABatch_AreSentWhenTheOldestHasWaited()
    {
        var classifier = new ScriptedClassifier(4);
        await using var batcher = Batcher(classifier);
        batcher.Start();
        Enqueue(batcher, 3);
        await AdvanceUntilAsync(3);
        Assert.Equal([3], classifier.BatchSizes);
        Assert.Equal(new float[] { 0.25f, 0.25f, 0.25f }, _sink.Results.Select(result => result.AbnormalScore));
    }

    [Fact]
    public async Task TryEnqueue_FullBatch_IsSentWithoutTheClock()
    {
        var classifier = new ScriptedClassifier(4);
        await using var batcher = Batcher(classifier);
        batcher.Start();
        Enqueue(batcher, 8);
        await _sink.WaitForAsync(8);
        Assert.Equal([4, 4], classifier.BatchSizes);
    }

    [Fact]
    public async Task Result_CarriesTheWindowAndTheClock()
    {
        await using var batcher = Batcher(new ScriptedClassifier(1));
        batcher.Start();
        _clock.Advance(TimeSpan.FromSeconds(3));
        var window = batcher.Pool.TryRent()!;
        window.Input.Span[0] = 0.75f;
        window.Describe("bed-9", 42, 100, 200, WindowMarks.LeadOff, 17);
        batcher.TryEnqueue(window);
        await _sink.WaitForAsync(1);
        var result = _sink.Results[0];
        Assert.Equal(("bed-9", 42ul, 100L, 200L, WindowMarks.LeadOff, 17L), (result.DeviceId, result.SessionId, result.StartUnixNs, result.EndUnixNs, result.Marks, result.IngestTimestamp));
        Assert.Equal((1, true, 0.75f), (result.PredictedIndex, result.Abnormal, result.AbnormalScore));
        Assert.Equal([0.25f, 0.75f], result.Scores);
        Assert.Equal(_clock.GetTimestamp(), result.PublishedTimestamp);
        Assert.Same(batcher.Model, result.Model);
    }

    [Theory]
    [InlineData(QueueFullMode.DropOldest, new long[] { 4, 5, 6, 7, 8, 9 })]
    [InlineData(QueueFullMode.DropNewest, new long[] { 0, 1, 2, 3, 4, 5 })]
    public async Task TryEnqueue_QueueFull_LosesTheOneThatTheOptionSaysAndCountsIt(QueueFullMode mode, long[] kept)
    {
        await using var batcher = Batcher(new ScriptedClassifier(2), capacity: 6, mode: mode);
        var taken = Enqueue(batcher, 10);
        Assert.Equal(mode == QueueFullMode.DropOldest ? 10 : 6, taken);
        Assert.Equal((6, 4L), (batcher.QueueDepth, batcher.Status.Dropped));
        Assert.Equal(6, batcher.Pool.Rented);
        Assert.Single(_log.Lines);
        batcher.Start();
        await _sink.WaitForAsync(6);
        Assert.Equal(kept, _sink.Results.Select(result => result.StartUnixNs));
        await batcher.StopAsync();
        Assert.Equal(0, batcher.Pool.Rented);
    }

    [Fact]
    public async Task Scores_NotFinite_CostTheirWindowOnly()
    {
        await using var batcher = Batcher(new ScriptedClassifier(3));
        for (var index = 0; index < 3; index++)
        {
            var window = Rent(batcher, index);
            window.Input.Span[0] = index == 1 ? float.NaN : 0.5f;
            batcher.TryEnqueue(window);
        }

        batcher.Start();
        await batcher.StopAsync();
        Assert.Equal([0L, 2L], _sink.Results.Select(result => result.StartUnixNs));
        Assert.Equal((2L, 1L), (batcher.Status.Windows, batcher.Status.Dropped));
        Assert.Equal(0, batcher.Pool.Rented);
    }

    [Fact]
    public async Task Sink_Fails_TheOthersStillGetTheResult()
    {
        await using var batcher = new ModelBatcher(new ScriptedClassifier(2), new ScriptedSource(), Options(), [new BrokenSink(), _sink], Loader.Metrics(), _clock, _log);
        Enqueue(batcher, 2);
        batcher.Start();
        await _sink.WaitForAsync(2);
        await batcher.StopAsync();
        Assert.Equal((2L, 2L, 0L), (batcher.Status.Windows, batcher.Status.SinkFailures, batcher.Status.Dropped));
        Assert.Null(batcher.Status.Fault);
    }

    [Fact]
    public async Task StopAsync_WindowsQueued_DrainsThemWithoutWaitingForTheDelay()
    {
        await using var batcher = Batcher(new ScriptedClassifier(4));
        batcher.Start();
        Enqueue(batcher, 7);
        await batcher.StopAsync().WaitAsync(Hang, TestContext.Current.CancellationToken);
        Assert.Equal(7, _sink.Results.Count);
        Assert.False(batcher.TryEnqueue(Rent(batcher, 8)));
        Assert.Equal((1L, 0), (batcher.Status.Dropped, batcher.Pool.Rented));
    }

    [Fact]
    public async Task StopAsync_LimitPasses_WhatIsLeftIsReturnedAndCounted()
    {
        using var release = new SemaphoreSlim(0);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var classifier = new ScriptedClassifier(2)
        {
            OnRun = _ =>
            {
                running.TrySetResult();
                release.Wait(Hang);
            },
        };
        await using var batcher = Batcher(classifier);
        Enqueue(batcher, 7);
        batcher.Start();
        await running.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);
        var stopping = batcher.StopAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        using var patience = new CancellationTokenSource(Hang);
        while (!_log.Lines.Any(line => line.Id == 4007))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        release.Release(10);
        await stopping.WaitAsync(Hang, TestContext.Current.CancellationToken);
        Assert.Equal(7, batcher.Status.Windows + batcher.Status.Dropped);
        Assert.InRange(batcher.Status.Dropped, 1, 5);
        Assert.Equal(0, batcher.Pool.Rented);
    }

    [Fact]
    public async Task TryEnqueue_WindowOfAnotherModel_IsRefused()
    {
        await using var batcher = Batcher(new ScriptedClassifier(2));
        await using var other = Batcher(new ScriptedClassifier(2));
        var window = Rent(other, 0);
        Assert.Throws<ArgumentException>(() => batcher.TryEnqueue(window));
        window.Return();
    }

    /// <summary>Random arrivals (seeded) against a clock moved by hand: nothing is lost, nothing waits beyond the delay, no batch is too large.</summary>
    [Fact]
    public async Task TryEnqueue_RandomArrivals_EveryWindowHasOneResultInOrder()
    {
        var random = new Random(11);
        var classifier = new ScriptedClassifier(8);
        await using var batcher = Batcher(classifier, capacity: 4096);
        batcher.Start();
        var sent = 0;
        for (var step = 0; step < 300; step++)
        {
            var burst = random.Next(0, 12);
            Enqueue(batcher, burst, from: sent);
            sent += burst;
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 30)));
        }

        await AdvanceUntilAsync(sent);
        Assert.Equal(Enumerable.Range(0, sent).Select(index => (long)index), _sink.Results.Select(result => result.StartUnixNs));
        Assert.All(classifier.BatchSizes, size => Assert.InRange(size, 1, 8));
        Assert.Equal(sent, classifier.BatchSizes.Sum());
    }

    private static InferenceOptions Options(int capacity = 64, QueueFullMode mode = QueueFullMode.DropOldest) =>
        new() { MaxDelay = TimeSpan.FromMilliseconds(20), QueueCapacity = capacity, WhenFull = mode };

    /// <summary>Moves the clock more than once: the batcher may look at it before an advance and begin its wait after it.</summary>
    private async Task AdvanceUntilAsync(int results)
    {
        var reached = _sink.WaitForAsync(results);
        while (!reached.IsCompleted)
        {
            var armed = _clock.NextTimerArmed;
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.WhenAny(reached, armed);
        }

        await reached;
    }

    private ModelBatcher Batcher(ScriptedClassifier classifier, int capacity = 64, QueueFullMode mode = QueueFullMode.DropOldest) =>
        new(classifier, new ScriptedSource(), Options(capacity, mode), [_sink], Loader.Metrics(), _clock, _log);

    private static RhythmWindow Rent(ModelBatcher batcher, int index)
    {
        var window = batcher.Pool.TryRent()!;
        window.Input.Span[0] = 0.25f;
        window.Describe("bed", 1, index, index + 1, WindowMarks.None, 0);
        return window;
    }

    private static int Enqueue(ModelBatcher batcher, int count, int from = 0) =>
        Enumerable.Range(from, count).Count(index => batcher.TryEnqueue(Rent(batcher, index)));

    private sealed class BrokenSink : IResultSink
    {
        public void Publish(RhythmResult result) => throw new IOException("disk full");
    }
}
