using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgStream.Evaluation.Contests;

/// <summary>A model as the daemon loads and runs it, and whether it can answer a contest. One thread at a time.</summary>
internal sealed class ContestModel : IDisposable
{
    public const int TianchiValues = 205;
    public const int TianchiLabels = 4;
    private const int BatchRows = 64;
    private readonly IBatchClassifier _classifier;

    private ContestModel(IBatchClassifier classifier) => _classifier = classifier;

    public ModelCard Card => _classifier.Card;

    public Core.Windows.WindowRecipe Recipe => _classifier.Recipe;

    public int MaxBatch => _classifier.MaxBatch;

    /// <param name="nameOrFolder">A shipped model's name, an optional one's, or the folder of any.</param>
    /// <param name="models">Folder of the models.</param>
    /// <exception cref="ModelLoadException">There is none, or it does not fit its card.</exception>
    public static ContestModel Load(string nameOrFolder, string models)
    {
        var sessions = new OnnxSessionFactory(new InferenceOptions { Device = InferenceDevice.Cpu }, NullLogger<OnnxSessionFactory>.Instance);
        return new ContestModel(new ModelRepository(models, sessions).LoadOne(nameOrFolder, BatchSizes.Of([1, BatchRows]), MonitoringBand.Sections));
    }

    /// <returns>Why the model cannot answer this contest; null when it can.</returns>
    public string? Problem(ContestFormat format)
    {
        var labels = Card.Output.Labels.Count;
        if (format == ContestFormat.Tianchi)
        {
            return Recipe.Beat is null || Recipe.RowsLength != TianchiValues || Recipe.FeatureCount > 0
                ? FormattableString.Invariant($"model {Card.Name} takes [{Recipe.RowCount}, {Recipe.OutputSamples}] and {Recipe.FeatureCount} features ({Card.Task}), not one beat of {TianchiValues} values")
                : labels != TianchiLabels || Card.Output.Kind != ScoreKind.Softmax
                    ? FormattableString.Invariant($"model {Card.Name} has {labels} labels ({string.Join(", ", Card.Output.Labels.Select(label => label.Name))}), the contest's answer has the {TianchiLabels} probabilities of its labels 0 to {TianchiLabels - 1}")
                    : null;
        }

        if (Recipe.Beat is not null)
        {
            return $"model {Card.Name} looks at single beats, the contest asks about records of 12 leads";
        }

        var unknown = Card.Output.Labels.Where(label => AiwinLabels.CodeOf(label.Name) == 0).Select(label => label.Name).ToList();
        return format == ContestFormat.Aiwin && labels == AiwinLabels.Names.Count && unknown.Count > 0
            ? $"model {Card.Name} has twelve labels, of which {string.Join(", ", unknown)} are none of the contest's: {string.Join(", ", AiwinLabels.Names)}"
            : null;
    }

    /// <summary>Scores prepared windows as they are.</summary>
    public float[][] Run(IReadOnlyList<float[]> windows)
    {
        for (var row = 0; row < windows.Count; row++)
        {
            _classifier.Load(row, windows[row]);
        }

        var scores = _classifier.Run(windows.Count);
        var labels = Card.Output.Labels.Count;
        var rows = new float[windows.Count][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = scores.Slice(row * labels, labels).ToArray();
        }

        return rows;
    }

    public void Dispose() => _classifier.Dispose();
}
