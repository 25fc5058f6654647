using EcgStream.Core.Alarms;

namespace EcgStream.Evaluation.Episodes;

/// <summary>Arrhythmias that are compared as episodes.</summary>
internal enum EpisodeKind
{
    /// <summary>Ventricular fibrillation or flutter: between <c>[</c> and <c>]</c>, or a rhythm that begins with <c>(VF</c>.</summary>
    VentricularFibrillation,

    /// <summary>Ventricular tachycardia: a rhythm <c>(VT</c>.</summary>
    VentricularTachycardia,

    /// <summary>Atrial fibrillation or flutter: a rhythm that begins with <c>(AF</c>.</summary>
    AtrialFibrillation,
}

internal static class EpisodeKinds
{
    public static IReadOnlyList<EpisodeKind> All { get; } = Enum.GetValues<EpisodeKind>();

    /// <summary>As a command line and the figures name it.</summary>
    public static string Code(this EpisodeKind kind) => kind switch
    {
        EpisodeKind.VentricularFibrillation => "vf",
        EpisodeKind.VentricularTachycardia => "vt",
        _ => "af",
    };

    /// <summary>The alarm that is held against it.</summary>
    public static AlarmCondition Condition(this EpisodeKind kind) => kind switch
    {
        EpisodeKind.VentricularFibrillation => AlarmCondition.VentricularFibrillation,
        EpisodeKind.VentricularTachycardia => AlarmCondition.VentricularTachycardia,
        _ => AlarmCondition.AtrialFibrillation,
    };

    /// <summary>Whether a rhythm annotation's text names it.</summary>
    public static bool Is(this EpisodeKind kind, string rhythm) => kind switch
    {
        EpisodeKind.VentricularFibrillation => rhythm.StartsWith("(VF", StringComparison.Ordinal),
        EpisodeKind.VentricularTachycardia => rhythm.TrimEnd('\0', ' ') == "(VT",
        _ => rhythm.StartsWith("(AF", StringComparison.Ordinal),
    };
}
