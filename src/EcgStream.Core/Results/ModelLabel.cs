using EcgStream.Core.Alarms;

namespace EcgStream.Core.Results;

/// <summary>One class of a model's output.</summary>
/// <param name="Name">Name as the card gives it.</param>
/// <param name="SnomedCode">SNOMED CT concept, where there is one.</param>
/// <param name="Abnormal">Whether the card calls it abnormal.</param>
/// <param name="RaisesAlarm">False for an abnormal finding that is shown and stored but never raises an alarm.</param>
/// <param name="AlarmPriority">Priority of the rhythm alarm that it raises; null where the card gives none, which is medium.</param>
public sealed record ModelLabel(string Name, string? SnomedCode, bool Abnormal, AlarmPriority? AlarmPriority = null, bool RaisesAlarm = true);
