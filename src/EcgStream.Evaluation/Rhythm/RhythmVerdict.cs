namespace EcgStream.Evaluation.Rhythm;

/// <summary>
/// One class for a record: the model's mean over its windows, with the intervals' word on it as the rule for atrial fibrillation has it. A record of which the
/// pipeline made no window is noisy.
/// </summary>
internal static class RhythmVerdict
{
    public static RhythmClass Of(in RhythmEvidence evidence)
    {
        if (evidence.Windows == 0)
        {
            return RhythmClass.Noisy;
        }

        var (normal, af, other) = (evidence.Normal, evidence.Af, evidence.Other);
        if (evidence.Irregularity is { } irregular)
        {
            var weight = IrregularWeight(irregular);
            (af, normal) = (af * weight, normal / weight);
        }

        var best = Math.Max(Math.Max(normal, af), Math.Max(other, evidence.Noisy));
        return best == evidence.Noisy ? RhythmClass.Noisy
            : best == af ? RhythmClass.AtrialFibrillation
            : best == other ? RhythmClass.Other
            : RhythmClass.Normal;
    }

    // Odds that the intervals put on the model's probabilities: a half for a heart as regular as sinus rhythm, up to two for one as irregular as fibrillation.
    private static double IrregularWeight(double irregularity) => Math.Clamp(Math.Sqrt(irregularity / 0.06), 0.7, 1.4);
}
