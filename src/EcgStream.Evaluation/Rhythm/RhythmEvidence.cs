namespace EcgStream.Evaluation.Rhythm;

/// <summary>What the pipeline made of one record, over its whole length.</summary>
/// <param name="Windows">Windows that the model judged.</param>
/// <param name="Normal">Mean probability over the windows; this and the next three.</param>
/// <param name="Irregularity">Mean over the beats of <see cref="Core.Beats.RrIrregularity"/>; null when fewer than ten intervals were found.</param>
/// <param name="FibrillationTold">The rule for atrial fibrillation held at some time.</param>
/// <param name="PoorShare">Share of the seconds whose lead was flat, saturated or noisy.</param>
internal readonly record struct RhythmEvidence(
    int Windows, double Normal, double Af, double Other, double Noisy, double? Irregularity, bool FibrillationTold, double PoorShare);
