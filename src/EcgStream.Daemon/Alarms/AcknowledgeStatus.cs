namespace EcgStream.Daemon.Alarms;

/// <summary>What became of an acknowledgement.</summary>
public enum AcknowledgeStatus
{
    Acknowledged = 0,

    /// <summary>Somebody did so before; the alarm is as they left it.</summary>
    AlreadyAcknowledged,

    /// <summary>The alarm is over.</summary>
    AlreadyCleared,

    /// <summary>No alarm has this id.</summary>
    Unknown,
}
