using System.Diagnostics.Metrics;
using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Inference;
using EcgStream.Inference.Batching;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Benchmarks.Batching;

/// <summary>The shipped 12-lead model twice: bare in ONNX Runtime, and behind the batcher. Same batches, same threads.</summary>
internal sealed class BatcherBench : IDisposable
{
    public const int Batch = 32;
    private const string Model = "rhythm-12lead-normal-abnormal";

    private readonly OnnxClassifier _classifier;
    private readonly OnnxSession _bare;
    private readonly RunOptions _run = new();
    private readonly InferenceMetrics _metrics;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public BatcherBench(InferenceDevice device = InferenceDevice.Cpu)
    {
        var options = new InferenceOptions { Device = device, IntraOpThreads = 1 };
        var models = Path.Combine(AppContext.BaseDirectory, "models");
        var factory = new OnnxSessionFactory(options, NullLogger<OnnxSessionFactory>.Instance);
        var loaded = new ModelRepository(models, factory).Load(BatchSizes.Of([1, Batch]), MonitoringBand.Sections);
        foreach (var other in loaded.Where(model => model.Identity.Name != Model))
        {
            other.Dispose();
        }

        _classifier = (OnnxClassifier)loaded.Single(model => model.Identity.Name == Model);
        _bare = factory.Create(File.ReadAllBytes(Path.Combine(models, Model, ModelRepository.ModelFile)));
        _metrics = new InferenceMetrics(_services.GetRequiredService<IMeterFactory>());
    }

    /// <summary>Runs so many batches with nothing around them.</summary>
    public void RunBare(int batches, int size)
    {
        long[] inputShape = [size, _classifier.Recipe.LeadCount, _classifier.Recipe.OutputSamples];
        long[] outputShape = [size, _classifier.Identity.Labels.Count];
        using var input = OrtValue.CreateTensorValueFromMemory(new float[size * _classifier.Recipe.InputLength], inputShape);
        using var output = OrtValue.CreateTensorValueFromMemory(new float[size * _classifier.Identity.Labels.Count], outputShape);
        string[] inputNames = [_classifier.Card.Input.Name];
        string[] outputNames = [_classifier.Card.Output.Name];
        OrtValue[] inputs = [input];
        OrtValue[] outputs = [output];
        for (var index = 0; index < batches; index++)
        {
            _bare.Session.Run(_run, inputNames, inputs, outputNames, outputs);
        }
    }

    /// <summary>A batcher that is full of windows but not started.</summary>
    public (ModelBatcher Batcher, CountingSink Sink) Fill(int windows, TimeSpan maxDelay)
    {
        var sink = new CountingSink();
        var options = new InferenceOptions { QueueCapacity = Math.Max(windows, Batch), MaxDelay = maxDelay, MaxBatch = Batch };
        var classifier = new SharedClassifier(_classifier);
        var batcher = new ModelBatcher(classifier, classifier, options, [sink], _metrics, TimeProvider.System, NullLogger<ModelBatcher>.Instance);
        sink.Expect(windows);
        for (var index = 0; index < windows; index++)
        {
            Enqueue(batcher, index);
        }

        return (batcher, sink);
    }

    public static void Enqueue(ModelBatcher batcher, int index)
    {
        var window = batcher.Pool.TryRent()!;
        window.Input.Span.Clear();
        window.Describe("bed", 1, index, index + 1, WindowMarks.None, TimeProvider.System.GetTimestamp());
        batcher.TryEnqueue(window);
    }

    public void Dispose()
    {
        _bare.Dispose();
        _run.Dispose();
        _classifier.Dispose();
        _services.Dispose();
    }

    internal sealed class CountingSink : IResultSink
    {
        private readonly object _gate = new();
        private int _left;

        public void Expect(int results)
        {
            lock (_gate)
            {
                _left = results;
            }
        }

        public void Publish(RhythmResult result)
        {
            lock (_gate)
            {
                if (--_left == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }

        public void Wait()
        {
            lock (_gate)
            {
                while (_left > 0)
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }
}
