namespace EcgStream.Core.Alarms;

/// <summary>What happened to an alarm. The numbers are stored and sent.</summary>
public enum AlarmTransition
{
    Unspecified = 0,
    Raised = 1,

    /// <summary>Evidence, text or priority changed; the state did not.</summary>
    Updated = 2,
    Acknowledged = 3,
    Latched = 4,
    Cleared = 5,
}
