namespace EcgStream.Inference.Cards;

/// <summary>The second tensor of a model of beats: [batch, features] of float32.</summary>
/// <param name="Name">Name in the graph.</param>
/// <param name="List">Names of <see cref="Core.Beats.BeatFeature"/> in snake case, in order.</param>
public sealed record CardFeatures(string Name, IReadOnlyList<string> List);
