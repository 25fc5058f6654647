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

    /// <summary>One lead or, for single beats, two, whichever.</summary>
    public bool TakesAnyLead => Leads.Count is 1 or 2 && Leads.All(lead => lead == AnyLead);

    /// <summary>Rows of the patient's running template follow the leads' rows; beats only.</summary>
    public bool Template { get; init; }

    /// <summary>A second tensor that the model takes; null for none.</summary>
    public CardFeatures? Features { get; init; }

    /// <summary>Rows of the tensor.</summary>
    public int RowCount => Template ? 2 * Leads.Count : Leads.Count;
}
