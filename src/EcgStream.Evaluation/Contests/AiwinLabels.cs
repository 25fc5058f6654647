namespace EcgStream.Evaluation.Contests;

/// <summary>The twelve labels of AIWIN's task 2 in the contest's order; in its files a label is its place here, from 1.</summary>
internal static class AiwinLabels
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "normal", "sinus_bradycardia", "sinus_tachycardia", "sinus_arrhythmia", "atrial_fibrillation", "pvc", "pac", "first_degree_av_block", "complete_rbbb",
        "t_wave_change", "st_change", "other",
    ];

    /// <summary>Code of a label, 1 to 12; 0 when it is none of them.</summary>
    public static int CodeOf(string name)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index] == name)
            {
                return index + 1;
            }
        }

        return 0;
    }
}
