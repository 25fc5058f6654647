namespace EcgStream.Inference.Cards;

/// <summary>One class.</summary>
/// <param name="Name">Unique within the card.</param>
/// <param name="Snomed">SNOMED CT concept, where there is one.</param>
/// <param name="Abnormal">Whether it is an abnormal finding.</param>
/// <param name="AlarmPriority">low, medium, high, or <see cref="NoAlarm"/>; null is medium.</param>
public sealed record CardLabel(string Name, string? Snomed, bool Abnormal, string? AlarmPriority)
{
    /// <summary>Priority of a finding that never raises an alarm.</summary>
    public const string NoAlarm = "none";

    public bool RaisesAlarm => AlarmPriority != NoAlarm;

    /// <summary>For comparing abnormal labels: 3 high, 2 medium, 1 low, 0 for one that never raises.</summary>
    public int Severity => AlarmPriority switch
    {
        "high" => 3,
        null or "medium" => 2,
        "low" => 1,
        _ => 0,
    };
}
