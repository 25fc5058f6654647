using System.Security.Cryptography;
using EcgStream.Core.Batching;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Inference;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgStream.Evaluation.Beats;

/// <summary>The models that decide the class of beats, loaded, and the plan that cuts their windows. One thread.</summary>
internal sealed class BeatModels : IDisposable
{
    private const int Buffers = 8;

    private readonly List<OnnxClassifier> _models = [];

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

    internal static OnnxClassifier Load(string folder, string name, bool anyName = false)
    {
        var file = $"{name}/{ModelRepository.CardFile}";
        var card = ModelCardReader.Read(File.ReadAllBytes(Path.Combine(folder, name, ModelRepository.CardFile)), file, out var errors);
        if (card is null)
        {
            throw new ModelLoadException(errors);
        }

        errors = ModelCardValidator.ValidateCard(card, file, anyName ? card.Name : name, MonitoringBand.Sections);
        var model = File.ReadAllBytes(Path.Combine(folder, name, ModelRepository.ModelFile));
        if (errors.Count == 0 && Convert.ToHexStringLower(SHA256.HashData(model)) != card.Provenance.Sha256)
        {
            errors = [new CardError(file, "$.provenance.sha256", card.Provenance.Sha256 ?? "none", $"that of {ModelRepository.ModelFile}")];
        }

        if (errors.Count > 0)
        {
            throw new ModelLoadException(errors);
        }

        var sessions = new OnnxSessionFactory(new InferenceOptions { Device = InferenceDevice.Cpu, IntraOpThreads = 1 }, NullLogger<OnnxSessionFactory>.Instance);
        return new OnnxClassifier(card, sessions.Create(model), "cpu", BatchSizes.Of([1]));
    }
}
