using System.Collections.Frozen;
using EcgStream.Core.Windows;
using EcgStream.Inference;
using EcgStream.Inference.Batching;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Finds the batcher of a window's model.</summary>
internal sealed class ModelWindows(InferenceEngine models)
{
    private readonly FrozenDictionary<WindowRecipe, ModelBatcher> _batchers =
        models.Batchers.ToFrozenDictionary(batcher => batcher.Recipe, ReferenceEqualityComparer.Instance as IEqualityComparer<WindowRecipe>);

    /// <summary>The buffers that windows are cut into, one pool per model.</summary>
    public IReadOnlyList<RhythmWindowPool> Pools { get; } = [.. models.Batchers.Select(batcher => batcher.Pool)];

    /// <returns>False when the model's queue is full: the window was dropped, and counted there.</returns>
    public bool TryEnqueue(RhythmWindow window) => _batchers[window.Recipe].TryEnqueue(window);

    /// <summary>Counts a window for which no buffer was free.</summary>
    public void CountPoolEmpty(WindowRecipe recipe) => _batchers[recipe].CountPoolEmpty();
}
