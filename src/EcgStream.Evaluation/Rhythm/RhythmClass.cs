namespace EcgStream.Evaluation.Rhythm;

/// <summary>The classes of the PhysioNet/CinC Challenge 2017.</summary>
internal enum RhythmClass
{
    Normal,
    AtrialFibrillation,
    Other,
    Noisy,
}

internal static class RhythmClasses
{
    public static IReadOnlyList<RhythmClass> All { get; } = Enum.GetValues<RhythmClass>();

    /// <summary>As the set's REFERENCE.csv names it.</summary>
    public static string Code(this RhythmClass rhythm) => rhythm switch
    {
        RhythmClass.Normal => "N",
        RhythmClass.AtrialFibrillation => "A",
        RhythmClass.Other => "O",
        _ => "~",
    };

    /// <summary>Label of our model's cards.</summary>
    public static string Label(this RhythmClass rhythm) => rhythm switch
    {
        RhythmClass.Normal => "normal",
        RhythmClass.AtrialFibrillation => "af",
        RhythmClass.Other => "other",
        _ => "noisy",
    };
}
