namespace EcgStream.Core.Alarms;

/// <summary>
/// What an alarm is about. The numbers are those of <c>ecgstream.v1.AlarmCondition</c>, stored and sent: 1 to 99 are conditions of
/// the patient, 100 and above technical ones.
/// </summary>
public enum AlarmCondition
{
    Unspecified = 0,
    Asystole = 1,
    AbnormalRhythm = 2,
    LeadOff = 100,
    NoData = 101,
}
