namespace EcgStream.Inference.Cards;

/// <summary>What the graph itself says of its inputs and outputs; -1 is a free dimension.</summary>
public sealed record ModelShape(IReadOnlyList<TensorShape> Inputs, IReadOnlyList<TensorShape> Outputs);
