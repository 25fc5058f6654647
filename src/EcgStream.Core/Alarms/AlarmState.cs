namespace EcgStream.Core.Alarms;

/// <summary>State of one alarm. The numbers are stored and sent.</summary>
public enum AlarmState
{
    Unspecified = 0,

    /// <summary>The condition holds and nobody has acknowledged it.</summary>
    Active = 1,

    /// <summary>The condition holds and somebody has seen it.</summary>
    Acknowledged = 2,

    /// <summary>The condition ended before anybody acknowledged it; alarms of high priority stay so, and no data of a device that never came back.</summary>
    Latched = 3,

    /// <summary>Over: no transition follows.</summary>
    Cleared = 4,
}
