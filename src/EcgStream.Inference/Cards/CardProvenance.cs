namespace EcgStream.Inference.Cards;

/// <summary>Where a model comes from.</summary>
/// <param name="Datasets">What it was trained on.</param>
/// <param name="Splits">How train and test were kept apart.</param>
/// <param name="Recipe">Program that made it.</param>
/// <param name="Seed">Seed of that program.</param>
/// <param name="Date">Day it was made.</param>
/// <param name="Metrics">What was measured.</param>
/// <param name="Sha256">Of model.onnx, or of an ensemble's stack model, lower-case hexadecimal; null where the card has no graph of its own.</param>
public sealed record CardProvenance(
    IReadOnlyList<string> Datasets, string Splits, string Recipe, long Seed, DateOnly Date, IReadOnlyList<CardMetric> Metrics, string? Sha256);
