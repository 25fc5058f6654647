namespace EcgStream.Inference.Cards;

/// <summary>The tensor that the model gives: [batch, labels] of float32.</summary>
public sealed record CardOutput(string Name, ScoreKind Kind, IReadOnlyList<CardLabel> Labels);
