using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;

namespace EcgStream.Inference.Tests.Support;

/// <summary>Fails or waits when told to, which the real runtime does only when something is broken. Its abnormal score is the first sample.</summary>
internal sealed class ScriptedClassifier : IBatchClassifier
{
    private readonly float[] _scores;

    public ScriptedClassifier(int maxBatch)
    {
        MaxBatch = maxBatch;
        _scores = new float[maxBatch * 2];
    }

    public ModelCard Card { get; } = CardText.Read(CardText.Card());

    public ModelIdentity Identity => _identity ??= Card.ToIdentity();

    public WindowRecipe Recipe => _recipe ??= Card.ToRecipe();

    public string Device => "cpu";

    public int MaxBatch { get; }

    public List<int> BatchSizes { get; } = [];

    /// <summary>Called with the number of the run, from 0.</summary>
    public Action<int> OnRun { get; set; } = _ => { };

    private ModelIdentity? _identity;
    private WindowRecipe? _recipe;

    public void Load(int row, ReadOnlySpan<float> input)
    {
        _scores[row * 2] = 1 - input[0];
        _scores[(row * 2) + 1] = input[0];
    }

    public ReadOnlySpan<float> Run(int count)
    {
        BatchSizes.Add(count);
        OnRun(BatchSizes.Count - 1);
        return _scores.AsSpan(0, count * 2);
    }

    public void Dispose()
    {
    }
}
