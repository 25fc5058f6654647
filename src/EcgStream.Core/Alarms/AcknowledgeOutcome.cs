namespace EcgStream.Core.Alarms;

/// <summary>What an acknowledgement met.</summary>
public enum AcknowledgeOutcome
{
    /// <summary>No open alarm of the device has this id: unknown, or cleared already.</summary>
    NotOpen = 0,
    Acknowledged,

    /// <summary>Somebody did so before; nothing changed.</summary>
    AlreadyAcknowledged,
}
