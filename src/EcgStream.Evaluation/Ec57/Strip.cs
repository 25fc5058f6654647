namespace EcgStream.Evaluation.Ec57;

/// <summary>A drawn piece of a record.</summary>
internal readonly record struct Strip(string Title, string Svg);
