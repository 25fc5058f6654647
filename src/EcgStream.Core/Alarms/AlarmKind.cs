namespace EcgStream.Core.Alarms;

/// <summary>Whether the patient or the equipment is the cause. The numbers are stored and sent.</summary>
public enum AlarmKind
{
    Unspecified = 0,
    Patient = 1,
    Technical = 2,
}
