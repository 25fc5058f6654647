using EcgStream.Core.Batching;
using EcgStream.Core.Windows;
using EcgStream.Inference.Batching;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;
using EcgStream.Core.Signals;
using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Sessions;

public sealed class GpuLossTests : IDisposable
{
    private static readonly BatchSizes Sizes = BatchSizes.PowersOfTwo(8);
    private readonly ModelFolder _folder = new ModelFolder().Add(CardText.Card(), CardText.Model());
    private readonly ListLogger<OnnxSessionFactory> _log = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The real runtime, windows of several patients: each is answered with its own scores, in order, whichever device ran it.</summary>
    [Fact]
    public async Task Run_GpuLostUnderway_TheCpuAnswersEveryWindow()
    {
        const int Windows = 200;
        var options = new InferenceOptions { Device = InferenceDevice.Cuda, MaxDelay = TimeSpan.FromMilliseconds(1), QueueCapacity = Windows, MaxBatch = 8 };
        var gpu = new FaultyGpu(options) { RunsBeforeLoss = Sizes.Sizes.Count + 7 };
        var factory = new OnnxSessionFactory(options, _log, gpu);
        var repository = new ModelRepository(_folder.Path, factory);
        var classifier = Assert.Single(repository.Load(Sizes, MonitoringBand.Sections));
        Assert.Equal("cuda", classifier.Device);
        var sink = new CollectingSink();
        var log = new ListLogger<ModelBatcher>();
        await using var batcher = new ModelBatcher(
            classifier, new ModelSource(repository, factory, Sizes, CardText.Name), options, [sink], Loader.Metrics(), TimeProvider.System, log);
        batcher.Start();
        var random = new Random(3);
        var expected = new double[Windows];
        for (var index = 0; index < Windows; index++)
        {
            var window = batcher.Pool.TryRent()!;
            OnnxClassifierTests.Window(random, window.Recipe.InputLength).CopyTo(window.Input);
            expected[index] = Loader.Expected(window.Input.Span)[1];
            window.Describe("bed", 1, index, index + 1, WindowMarks.None, 0);
            Assert.True(batcher.TryEnqueue(window));
        }

        await sink.WaitForAsync(Windows);
        await batcher.StopAsync();
        Assert.Equal(Enumerable.Range(0, Windows).Select(index => (long)index), sink.Results.Select(result => result.StartUnixNs));
        Assert.All(sink.Results, result => Assert.Equal(expected[result.StartUnixNs], result.AbnormalScore, 1e-5));
        var status = batcher.Status;
        Assert.Equal(("cpu", ModelState.Answering, 0L, 1L, 1L), (status.Device, status.State, status.Dropped, status.FailedBatches, status.Reloads));
        Assert.NotNull(status.GpuFault);
        Assert.Equal(1, gpu.CpuSessions);
        Assert.Equal([4003, 4009, 4004], log.Lines.Select(line => line.Id));
    }

    /// <summary>Opened on the GPU, but the warm-up fails there: libraries that do not fit, too little memory.</summary>
    [Fact]
    public void Load_GpuThatRunsNothing_FallsBackToTheCpuAndSaysWhy()
    {
        var options = new InferenceOptions { Device = InferenceDevice.Auto };
        var repository = new ModelRepository(_folder.Path, new OnnxSessionFactory(options, _log, new FaultyGpu(options) { RunsBeforeLoss = 0 }));
        using var classifier = Assert.Single(repository.Load(Sizes, MonitoringBand.Sections));
        Assert.Equal("cpu", classifier.Device);
        Assert.Equal([4000, 4001], _log.Lines.Where(line => line.Id != 4011).Select(line => line.Id));
    }

    [Fact]
    public void Load_GpuThatRunsNothingButIsDemanded_StopsTheStart()
    {
        var options = new InferenceOptions { Device = InferenceDevice.Cuda };
        var repository = new ModelRepository(_folder.Path, new OnnxSessionFactory(options, _log, new FaultyGpu(options) { RunsBeforeLoss = 0 }));
        Assert.Contains("Inference:Device is cuda", Assert.Throws<InferenceDeviceException>(() => repository.Load(Sizes, MonitoringBand.Sections)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_OfTheCudaProvider_AreThoseOfTheOptions()
    {
        var options = new InferenceOptions { CudaDeviceId = 2, CudaMemoryLimitBytes = 1 << 30, TensorRtCachePath = "/cache" };
        var cuda = SessionOpener.CudaSettings(options);
        Assert.Equal(("2", "1073741824", "HEURISTIC", "0"), (cuda["device_id"], cuda["gpu_mem_limit"], cuda["cudnn_conv_algo_search"], cuda["use_tf32"]));
        var tensorRt = SessionOpener.TensorRtSettings(options, new BatchShapes([("window", [12, 1250]), ("rr", [4])], 1, 32));
        Assert.Equal(("window:1x12x1250,rr:1x4", "window:32x12x1250,rr:32x4"), (tensorRt["trt_profile_min_shapes"], tensorRt["trt_profile_max_shapes"]));
        Assert.Equal("/cache", tensorRt["trt_engine_cache_path"]);
    }
}
