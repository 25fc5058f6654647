namespace EcgStream.Core.Alarms;

/// <summary>What a rule found new in its last input.</summary>
public enum RuleSignal
{
    /// <summary>Nothing new: whatever held before holds on.</summary>
    None = 0,
    Begin,

    /// <summary>The condition holds on with other evidence or priority.</summary>
    Change,
    End,
}
