namespace EcgStream.Inference.Cards;

/// <summary>
/// All that the daemon must know of a model besides its weights: what it takes, every constant of what is done before, and what its output means.
/// One <c>card.json</c> beside one <c>model.onnx</c>.
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

    public required CardPostprocessing Postprocessing { get; init; }

    /// <summary>Members of an ensemble that the daemon averages itself.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    public required CardProvenance Provenance { get; init; }
}
