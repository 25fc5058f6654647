namespace EcgStream.Inference.Cards;

/// <summary>One class.</summary>
/// <param name="Name">Unique within the card.</param>
/// <param name="Snomed">SNOMED CT concept, where there is one.</param>
/// <param name="Abnormal">Whether it is an abnormal finding.</param>
/// <param name="AlarmPriority">low, medium or high; null is medium.</param>
public sealed record CardLabel(string Name, string? Snomed, bool Abnormal, string? AlarmPriority);
