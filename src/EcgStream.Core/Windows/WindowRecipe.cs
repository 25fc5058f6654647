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
    /// <summary>Rows of the input.</summary>
    public int LeadCount => Math.Max(1, Leads.Count);

    /// <summary>Floats of one prepared window: leads × samples, lead-major.</summary>
    public int InputLength => LeadCount * OutputSamples;
}
