using EcgStream.Core.Beats;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>
/// How one model wants its rhythm windows: cut from the session's filtered 500 Hz millivolts,
/// leads in this order, then the steps in this order.
/// </summary>
/// <param name="Model">Name of the model that the windows are for.</param>
/// <param name="Leads">Leads in the order of the input's rows; empty = any one lead, for single-lead models.</param>
/// <param name="SourceSamples">Length of the window before the steps, samples per lead at 500 Hz.</param>
/// <param name="Steps">Steps in order.</param>
/// <param name="OutputSamples">Samples per lead after the steps.</param>
public sealed record WindowRecipe(string Model, IReadOnlyList<Lead> Leads, int SourceSamples, IReadOnlyList<WindowStep> Steps, int OutputSamples)
{
    /// <summary>What a recipe of single beats says more; null for rhythm windows.</summary>
    public BeatRecipe? Beat { get; init; }

    /// <summary>Leads of the input.</summary>
    public int LeadCount => Beat?.LeadCount ?? Math.Max(1, Leads.Count);

    /// <summary>Rows of the input: its leads, then as many of the running template where the recipe asks for it.</summary>
    public int RowCount => Beat is { Template: true } ? 2 * LeadCount : LeadCount;

    /// <summary>Floats of the rows: rows × samples.</summary>
    public int RowsLength => RowCount * OutputSamples;

    /// <summary>Floats of the second input.</summary>
    public int FeatureCount => Beat?.Features.Count ?? 0;

    /// <summary>Floats of one prepared window: rows × samples, lead-major, then the features.</summary>
    public int InputLength => RowsLength + FeatureCount;

    /// <summary>Whether the windows of a rhythm that are cut by this recipe and by another one at the same sample are the same floats.</summary>
    public bool PreparesLike(WindowRecipe other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Beat is null && other.Beat is null
            && SourceSamples == other.SourceSamples && OutputSamples == other.OutputSamples
            && Leads.SequenceEqual(other.Leads) && Steps.SequenceEqual(other.Steps);
    }
}
