using System.Collections.Frozen;
using EcgStream.Core.Beats;
using EcgStream.Core.Windows;
using EcgStream.Inference;
using EcgStream.Inference.Batching;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Finds the batcher of a window's model.</summary>
internal sealed class ModelWindows(InferenceEngine models, IOptions<WindowOptions> cut, IOptions<BeatOptions> beats)
{
    private readonly FrozenDictionary<WindowRecipe, ModelBatcher> _batchers =
        models.Batchers.ToFrozenDictionary(batcher => batcher.Recipe, ReferenceEqualityComparer.Instance as IEqualityComparer<WindowRecipe>);

    /// <summary>The models' recipes, checked.</summary>
    public WindowPlan Plan { get; } = new(cut.Value, [.. models.Batchers.Select(batcher => batcher.Pool)], beats.Value);

    /// <summary>Whether results for this recipe decide the class of beats, and are not results of their own.</summary>
    public bool DecidesBeats(WindowRecipe recipe) => Plan.DecidesBeats(recipe);

    /// <summary>The same by the model's name.</summary>
    public bool DecidesBeats(string model) => model == Plan.TwoLeadBeats?.Model || model == Plan.OneLeadBeats?.Model;

    /// <returns>False when the model's queue is full: the window was dropped, and counted there.</returns>
    public bool TryEnqueue(RhythmWindow window) => _batchers[window.Recipe].TryEnqueue(window);

    /// <summary>Counts a window for which no buffer was free.</summary>
    public void CountPoolEmpty(WindowRecipe recipe) => _batchers[recipe].CountPoolEmpty();
}
