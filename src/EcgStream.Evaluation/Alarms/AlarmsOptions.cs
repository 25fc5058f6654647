namespace EcgStream.Evaluation.Alarms;

/// <summary>What <c>ecgeval alarms</c> was asked for.</summary>
/// <param name="Half">Null for all records.</param>
internal sealed record AlarmsOptions(string Folder, string Output, string? Half, int? Workers);
