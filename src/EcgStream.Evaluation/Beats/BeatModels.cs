using EcgStream.Core.Batching;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Inference;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgStream.Evaluation.Beats;

/// <summary>The models that decide the class of beats, loaded, and the plan that cuts their windows. One thread.</summary>
internal sealed class BeatModels : IDisposable
{
    private const int Buffers = 8;

    private readonly List<IBatchClassifier> _models = [];

    /// <exception cref="ModelLoadException">A model cannot be run as its card says.</exception>
    public BeatModels(string folder, BeatOptions options)
    {
        try
        {
            foreach (var name in Names(options).Where(name => IsIn(folder, name)))
            {
                _models.Add(Load(folder, name));
            }

            Plan = new WindowPlan(new WindowOptions(), [.. _models.Select(model => new RhythmWindowPool(model.Recipe, Buffers))], options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public WindowPlan Plan { get; }

    public string Name => string.Join(" + ", _models.Select(model => $"{model.Identity.Name} {model.Identity.Version}"));

    public static bool AreIn(string folder, BeatOptions options) => Names(options).Any(name => IsIn(folder, name));

    public (BeatClass Class, float Probability) Classify(RhythmWindow window)
    {
        var model = _models.Find(model => model.Card.Name == window.Recipe.Model) ?? throw new ArgumentException($"No model {window.Recipe.Model}", nameof(window));
        model.Load(0, window.Input.Span);
        var scores = model.Run(1);
        var chosen = Verdict.Of(scores, model.Card).PredictedIndex;
        return (BeatLabels.ClassOf(model.Card.Output.Labels[chosen].Name), scores[chosen]);
    }

    public void Dispose() => _models.ForEach(model => model.Dispose());

    private static string[] Names(BeatOptions options) => [options.Model2Lead, options.Model1Lead];

    private static bool IsIn(string folder, string name) => File.Exists(Path.Combine(folder, name, ModelRepository.CardFile));

    /// <summary>One model, for one window at a time on the CPU.</summary>
    /// <param name="nameOrFolder">A shipped model's name, or the folder of any.</param>
    internal static IBatchClassifier Load(string folder, string nameOrFolder)
    {
        var settings = new InferenceOptions { Device = InferenceDevice.Cpu, IntraOpThreads = 1 };
        var repository = new ModelRepository(folder, new OnnxSessionFactory(settings, NullLogger<OnnxSessionFactory>.Instance));
        return repository.LoadOne(nameOrFolder, BatchSizes.Of([1]), MonitoringBand.Sections);
    }
}
