using EcgStream.Formats;

namespace EcgStream.Evaluation.Alarms;

/// <summary>What <c>ecgeval alarms</c> was asked for.</summary>
/// <param name="Half">Null for all records.</param>
/// <param name="Models">Null for the shipped ones.</param>
internal sealed record AlarmsOptions(string Folder, string Output, string? Half, string? Models, int? Workers, RecordingDefaults? Reading = null);
