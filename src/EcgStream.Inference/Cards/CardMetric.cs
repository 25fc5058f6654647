namespace EcgStream.Inference.Cards;

/// <summary>One measured figure and the command that measured it.</summary>
public sealed record CardMetric(string Name, double Value, (double Low, double High)? Interval, string Command);
