using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// Several models over the same window, one row of scores. The members are bound to one shared copy of the input; each applies its own post-processing, then
/// the ensemble's vote puts them together and its own post-processing follows. A run allocates nothing. One thread.
/// </summary>
public sealed class EnsembleClassifier : IBatchClassifier
{
    private readonly BatchInput _input;
    private readonly BatchSizes _sizes;
    private readonly OnnxClassifier[] _members;
    private readonly OnnxGraph? _stack;
    private readonly BatchInput? _stackInput;
    private readonly double[] _sums;
    private readonly float[] _scores;
    private readonly int _labels;

    /// <param name="card">A valid card with members.</param>
    /// <param name="input">The rows that the members are bound to.</param>
    /// <param name="members">In the order of the card, warmed up; disposed of with the ensemble.</param>
    /// <param name="sizes">Batch sizes that the members are bound with.</param>
    /// <param name="stack">The graph over the members' scores, bound to <paramref name="stackInput"/>; null for a mean.</param>
    /// <param name="stackInput">Rows of members × labels.</param>
    internal EnsembleClassifier(
        ModelCard card, BatchInput input, IReadOnlyList<OnnxClassifier> members, BatchSizes sizes, OnnxGraph? stack, BatchInput? stackInput)
    {
        (Card, _input, _sizes, _stack, _stackInput) = (card, input, sizes, stack, stackInput);
        _members = [.. members];
        Identity = card.ToIdentity();
        Recipe = card.ToRecipe();
        _labels = card.Output.Labels.Count;
        _sums = new double[sizes.Largest * _labels];
        _scores = new float[sizes.Largest * _labels];
    }

    public ModelCard Card { get; }

    public ModelIdentity Identity { get; }

    public WindowRecipe Recipe { get; }

    public string Device => _members[0].Device;

    public int MaxBatch => _sizes.Largest;

    /// <summary>Cards of the members, in the order of their vote.</summary>
    public IEnumerable<ModelCard> MemberCards => _members.Select(member => member.Card);

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
        var scores = _stack is null ? Average(count) : Stack(count);
        Calibration.Apply(scores, _labels, Card.Output.Kind, Card.Postprocessing);
        return scores;
    }

    /// <summary>Runs every batch size through the members and the vote.</summary>
    /// <exception cref="InvalidDataException">The vote's scores are no probabilities of the card's kind.</exception>
    public void WarmUp()
    {
        _input.FillWithSine();
        foreach (var size in _sizes.Sizes)
        {
            if (_stack is not null)
            {
                ScoreCheck.Probabilities(Stack(size), _labels, Card.Output.Kind);
            }

            Run(size);
        }

        _input.Clear();
    }

    public void Dispose()
    {
        foreach (var member in _members)
        {
            member.Dispose();
        }

        _stack?.Dispose();
    }

    private Span<float> Average(int count)
    {
        var sums = _sums.AsSpan(0, count * _labels);
        sums.Clear();
        foreach (var member in _members)
        {
            var scores = member.Run(count);
            for (var index = 0; index < sums.Length; index++)
            {
                sums[index] += scores[index];
            }
        }

        var mean = _scores.AsSpan(0, sums.Length);
        for (var index = 0; index < sums.Length; index++)
        {
            mean[index] = (float)(sums[index] / _members.Length);
        }

        return mean;
    }

    private Span<float> Stack(int count)
    {
        for (var member = 0; member < _members.Length; member++)
        {
            var scores = _members[member].Run(count);
            for (var row = 0; row < count; row++)
            {
                scores.Slice(row * _labels, _labels).CopyTo(_stackInput!.Row(row)[(member * _labels)..]);
            }
        }

        return _stack!.Run(count);
    }
}
