namespace EcgStream.Inference.Cards;

/// <summary>One thing that is wrong with a card or its model.</summary>
/// <param name="File">Which file.</param>
/// <param name="Path">Where in it, as a JSON path; <c>$</c> is the whole.</param>
/// <param name="Value">What stands there, shortened.</param>
/// <param name="Limit">What would have been accepted.</param>
public sealed record CardError(string File, string Path, string Value, string Limit)
{
    public override string ToString() => $"{File}: {Path}: {Value}; expected {Limit}";
}
