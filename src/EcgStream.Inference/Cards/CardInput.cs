namespace EcgStream.Inference.Cards;

/// <summary>The tensor that the model takes: [batch, leads, samples] of float32.</summary>
/// <param name="Name">Name in the graph.</param>
/// <param name="Leads">Names in the order of the rows, or the one word <c>any</c>: one lead, whichever.</param>
/// <param name="SampleRateHz">After the window steps.</param>
/// <param name="Samples">Per lead, after the window steps.</param>
/// <param name="Layout">Order of the samples; <c>lead-major</c>.</param>
/// <param name="WindowSeconds">Length of a window.</param>
/// <param name="SourceRateHz">Before the window steps.</param>
public sealed record CardInput(
    string Name, IReadOnlyList<string> Leads, int SampleRateHz, int Samples, string Layout, double WindowSeconds, int SourceRateHz)
{
    /// <summary>What stands in place of lead names for a model of any one lead.</summary>
    public const string AnyLead = "any";

    public bool TakesAnyLead => Leads.Count == 1 && Leads[0] == AnyLead;
}
