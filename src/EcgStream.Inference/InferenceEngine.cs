using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Inference.Batching;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EcgStream.Inference;

/// <summary>
/// All models, loaded and warmed up when the engine is made, at work between start and stop. Start it before the stages that give it windows and
/// after those that take results, so that a stop drains towards the results.
/// </summary>
public sealed class InferenceEngine : IHostedService, IAsyncDisposable
{
    private readonly ModelBatcher[] _batchers;

    /// <exception cref="ModelLoadException">A model cannot be run as its card says.</exception>
    /// <exception cref="InferenceDeviceException">CUDA was asked for and cannot be had.</exception>
    public InferenceEngine(
        IOptions<InferenceOptions> options, IEnumerable<IResultSink> sinks, InferenceMetrics metrics, TimeProvider clock, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(clock);
        var settings = options.Value;
        var started = clock.GetTimestamp();
        var sizes = settings.BatchSizes.Count > 0 ? BatchSizes.Of(settings.BatchSizes) : BatchSizes.PowersOfTwo(settings.MaxBatch);
        var folder = Path.GetFullPath(settings.ModelsPath, AppContext.BaseDirectory);
        var sessions = new OnnxSessionFactory(settings, logs.CreateLogger<OnnxSessionFactory>());
        var repository = new ModelRepository(folder, sessions);
        var loaded = repository.Load(sizes, MonitoringBand.Sections, settings.OptionalModels);
        var sinkList = sinks.ToArray();
        var batcherLog = logs.CreateLogger<ModelBatcher>();
        ModelSource SourceOf(string name) => new(repository, sessions, sizes, name);
        _batchers = [.. loaded.Select(model => new ModelBatcher(
            model, SourceOf(model.Identity.Name), settings, sinkList, metrics, clock, batcherLog)
        {
            IsOptional = settings.OptionalModels.Contains(model.Identity.Name, StringComparer.Ordinal),
        })];
        metrics.Observe(_batchers);
        var log = logs.CreateLogger<InferenceEngine>();
        foreach (var model in loaded)
        {
            InferenceLog.Loaded(
                log, model.Identity.Name, model.Identity.Version, model.Recipe.LeadCount, model.Identity.Labels.Count, model.MaxBatch, model.Device, clock.GetElapsedTime(started));
        }
    }

    /// <summary>One for each model, in the order of their names.</summary>
    public IReadOnlyList<ModelBatcher> Batchers => _batchers;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var batcher in _batchers)
        {
            batcher.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_batchers.Select(batcher => batcher.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var batcher in _batchers)
        {
            await batcher.DisposeAsync();
        }
    }
}
