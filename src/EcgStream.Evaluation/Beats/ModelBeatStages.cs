using System.Collections.Concurrent;
using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Inference.Models;

namespace EcgStream.Evaluation.Beats;

/// <summary>
/// Classifies beats with the shipped models, one run per beat at the moment its window comes, and puts them in order with the daemon's own <see cref="BeatSequencer"/>.
/// A stage takes its models from a pool, so that they are loaded once per worker.
/// </summary>
internal sealed class ModelBeatStages : IBeatStageFactory, IDisposable
{
    private readonly string _folder;
    private readonly BeatOptions _options = new();
    private readonly ConcurrentBag<BeatModels> _idle = [];

    /// <param name="folder">Folder of the models' folders.</param>
    /// <exception cref="ModelLoadException">A model is there and cannot be run as its card says.</exception>
    public ModelBeatStages(string folder)
    {
        _folder = folder;
        var models = new BeatModels(folder, _options);
        Name = models.Name;
        _idle.Add(models);
    }

    public string Name { get; }

    /// <summary>The folder beside the program, which the build fills with what is shipped.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Whether a folder holds a model that can classify beats.</summary>
    public static bool AreIn(string folder) => BeatModels.AreIn(folder, new BeatOptions());

    public IBeatStage Open(Action<ClassifiedBeat> onBeat) =>
        new Stage(_idle.TryTake(out var models) ? models : new BeatModels(_folder, _options), onBeat, _options, _idle);

    public void Dispose()
    {
        while (_idle.TryTake(out var models))
        {
            models.Dispose();
        }
    }

    private sealed class Stage(BeatModels models, Action<ClassifiedBeat> onBeat, BeatOptions options, ConcurrentBag<BeatModels> idle) : RunSink, IBeatStage
    {
        // The run's time is the record's, so nothing is ever overdue while a record runs.
        private readonly BeatSequencer _sequencer = new(options.ResultTimeout, new RunClock(RunOptions.StartUnixNs), onBeat);

        public ISessionSink Sink => this;

        public WindowPlan? Plan => models.Plan;

        public override void OnBeat(in Beat beat) => _sequencer.Add(in beat);

        public override void OnBeatUnclassified(in Beat beat) => _sequencer.Unclassified(in beat);

        public override void OnWindow(RhythmWindow window)
        {
            if (window.Beat is { } beat)
            {
                var (beatClass, probability) = models.Classify(window);
                _sequencer.Classified(in beat, beatClass, probability);
            }

            window.Return();
        }

        public void Complete() => _sequencer.Flush();

        public void Dispose() => idle.Add(models);
    }
}
