namespace EcgStream.Inference.Cards;

/// <summary>
/// All that the daemon must know of a model besides its weights: what it takes, every constant of what is done before, and what its output means.
/// One <c>card.json</c> beside one <c>model.onnx</c>, or above the folders of an ensemble's members.
/// </summary>
public sealed record ModelCard
{
    /// <summary>Also the name of its folder, and the tag of its metrics.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required ModelTask Task { get; init; }

    public required CardInput Input { get; init; }

    /// <summary>Steps over the whole stream of a session, before windows are cut.</summary>
    public required IReadOnlyList<StreamStep> StreamSteps { get; init; }

    /// <summary>Steps over one window.</summary>
    public required IReadOnlyList<CardWindowStep> WindowSteps { get; init; }

    public required CardOutput Output { get; init; }

    /// <summary>Abnormal from this probability of anything abnormal on.</summary>
    public required double AbnormalThreshold { get; init; }

    /// <summary>Of a sigmoid: labels with a threshold of their own; the others have <see cref="AbnormalThreshold"/>.</summary>
    public IReadOnlyDictionary<string, double> LabelThresholds { get; init; } = new Dictionary<string, double>();

    public required CardPostprocessing Postprocessing { get; init; }

    /// <summary>Folders of an ensemble's members below its own, in the order of their vote; empty for a model of one graph.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    public required CardProvenance Provenance { get; init; }

    /// <summary>From what probability on a label of a sigmoid is found.</summary>
    public double ThresholdOf(CardLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return LabelThresholds.TryGetValue(label.Name, out var own) ? own : AbnormalThreshold;
    }
}
