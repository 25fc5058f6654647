namespace EcgStream.Inference.Cards;

/// <summary>What is done to the model's probabilities before they are published.</summary>
/// <param name="Temperature">Divides the logits; 1 changes nothing.</param>
/// <param name="Clip">Bounds of every probability afterwards; null for none.</param>
public sealed record CardPostprocessing(double Temperature, (double Low, double High)? Clip);
