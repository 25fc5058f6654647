using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>A model of one graph: <see cref="OnnxGraph"/> and what its card says is done to the scores. A run allocates nothing. One thread.</summary>
public sealed class OnnxClassifier : IBatchClassifier
{
    private readonly BatchInput _input;
    private readonly BatchSizes _sizes;
    private readonly OnnxGraph _graph;
    private readonly int _labels;

    /// <param name="card">A card that has been found valid for the session.</param>
    /// <param name="session">Disposed of with the classifier.</param>
    /// <param name="sizes">Batch sizes to bind.</param>
    public OnnxClassifier(ModelCard card, OnnxSession session, BatchSizes sizes)
        : this(card, session, sizes, null)
    {
    }

    /// <param name="card">A card that has been found valid for the session.</param>
    /// <param name="session">Disposed of with the classifier.</param>
    /// <param name="sizes">Batch sizes to bind.</param>
    /// <param name="input">The rows of an ensemble, which all its members look at; null for rows of its own.</param>
    internal OnnxClassifier(ModelCard card, OnnxSession session, BatchSizes sizes, BatchInput? input)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(sizes);
        (Card, Device, _sizes) = (card, session.Device, sizes);
        Identity = card.ToIdentity();
        Recipe = card.ToRecipe();
        _labels = card.Output.Labels.Count;
        _input = input ?? new BatchInput(sizes.Largest, Recipe.RowsLength, Recipe.FeatureCount);
        _graph = new OnnxGraph(
            session, sizes, (card.Input.Name, card.Input.Features?.Name), _input, [Recipe.RowCount, Recipe.OutputSamples], card.Output.Name, _labels);
    }

    public ModelCard Card { get; }

    public ModelIdentity Identity { get; }

    public WindowRecipe Recipe { get; }

    public string Device { get; }

    public int MaxBatch => _sizes.Largest;

    public void Load(int row, ReadOnlySpan<float> input)
    {
        if (input.Length != Recipe.InputLength)
        {
            throw new ArgumentException($"{input.Length} floats; the model {Card.Name} takes {Recipe.InputLength}", nameof(input));
        }

        _input.Put(row, input);
    }

    public ReadOnlySpan<float> Run(int count)
    {
        var scores = _graph.Run(count);
        Calibration.Apply(scores, _labels, Card.Output.Kind, Card.Postprocessing);
        return scores;
    }

    /// <summary>Runs every batch size, so that no patient's window pays for what the runtime does the first time, and looks at what comes out.</summary>
    /// <exception cref="InvalidDataException">The scores are no probabilities of the card's kind.</exception>
    public void WarmUp()
    {
        _input.FillWithSine();
        foreach (var size in _sizes.Sizes)
        {
            var scores = _graph.Run(size);
            ScoreCheck.Probabilities(scores, _labels, Card.Output.Kind);
            Calibration.Apply(scores, _labels, Card.Output.Kind, Card.Postprocessing);
        }

        _input.Clear();
    }

    public void Dispose() => _graph.Dispose();
}
