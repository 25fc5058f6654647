using EcgStream.Core.Alarms;

namespace EcgStream.Evaluation.Alarms;

/// <summary>One alarm of a bedside monitor, raised at the end of its record, and whether the experts found it true.</summary>
internal sealed record ChallengeAlarm(string Record, AlarmType Type, bool IsTrue);

/// <summary>The five alarms of the PhysioNet/CinC Challenge 2015.</summary>
internal enum AlarmType
{
    Asystole,
    Bradycardia,
    Tachycardia,
    VentricularFlutterFib,
    VentricularTachycardia,
}

internal static class AlarmTypes
{
    public static IReadOnlyList<AlarmType> All { get; } = Enum.GetValues<AlarmType>();

    /// <summary>As the set's own file names it.</summary>
    public static string FileName(this AlarmType type) => type switch
    {
        AlarmType.VentricularFlutterFib => "Ventricular_Flutter_Fib",
        AlarmType.VentricularTachycardia => "Ventricular_Tachycardia",
        _ => type.ToString(),
    };

    /// <summary>Our condition of the same name.</summary>
    public static AlarmCondition Condition(this AlarmType type) => type switch
    {
        AlarmType.Asystole => AlarmCondition.Asystole,
        AlarmType.Bradycardia => AlarmCondition.ExtremeBradycardia,
        AlarmType.Tachycardia => AlarmCondition.ExtremeTachycardia,
        AlarmType.VentricularFlutterFib => AlarmCondition.VentricularFibrillation,
        _ => AlarmCondition.VentricularTachycardia,
    };
}
