namespace EcgStream.Core.Results;

/// <summary>Name, version and labels of a loaded model, in the order of its output.</summary>
public sealed record ModelIdentity(string Name, string Version, IReadOnlyList<ModelLabel> Labels);
