using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;

namespace EcgStream.Benchmarks.Batching;

/// <summary>Lends a classifier to one batcher after another: theirs to run, not to dispose of, and never loaded again.</summary>
internal sealed class SharedClassifier(OnnxClassifier inner) : IBatchClassifier, IModelSource
{
    public ModelCard Card => inner.Card;

    public ModelIdentity Identity => inner.Identity;

    public WindowRecipe Recipe => inner.Recipe;

    public string Device => inner.Device;

    public int MaxBatch => inner.MaxBatch;

    public void Load(int row, ReadOnlySpan<float> input) => inner.Load(row, input);

    public ReadOnlySpan<float> Run(int count) => inner.Run(count);

    public void Dispose()
    {
    }

    public IBatchClassifier Replace(IBatchClassifier? failed) => throw new InvalidOperationException("A run of the benchmark failed.");
}
