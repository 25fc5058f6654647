namespace EcgStream.Core.Alarms;

/// <summary>Priority after IEC 60601-1-8, decided once where the alarm arises and never derived again. The numbers are stored and sent.</summary>
public enum AlarmPriority
{
    Unspecified = 0,
    Low = 1,
    Medium = 2,
    High = 3,
}
