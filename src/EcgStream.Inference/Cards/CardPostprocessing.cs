namespace EcgStream.Inference.Cards;

/// <summary>
/// What is done to the model's probabilities before they are published, in this order: the vote of the members, the temperature, the clip, the order of an
/// ordered vote, the snap.
/// </summary>
/// <param name="Temperature">Divides the logits; 1 changes nothing.</param>
/// <param name="Clip">Bounds of every probability afterwards; null for none.</param>
/// <param name="Snap">A probability below the first becomes 0, one above the second 1, without renormalising; null for none.</param>
/// <param name="Vote">How the members' probabilities become one row; there exactly where the card has members.</param>
public sealed record CardPostprocessing(double Temperature, (double Low, double High)? Clip, (double Low, double High)? Snap = null, CardVote? Vote = null);
