using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.NoiseStress;

/// <summary>One record with one noise at one level, scored.</summary>
/// <param name="Decibels">Signal to noise; null for the clean record.</param>
/// <param name="Score">Over the whole record behind the learning period, the clean stretches included, as bxb compares a noise stress record.</param>
/// <param name="NoisyBeats">Beats of the reference in the noisy stretches alone.</param>
/// <param name="NoisyMissed">Of these, missed.</param>
/// <param name="NoisyExtra">Beats of the test there that the reference does not have.</param>
internal sealed record NstCase(string Record, string Noise, double? Decibels, RecordScore Score, long NoisyBeats, long NoisyMissed, long NoisyExtra)
{
    public Ratio NoisySensitivity => new(NoisyBeats - NoisyMissed, NoisyBeats);

    public Ratio NoisyPredictivity => new(NoisyBeats - NoisyMissed, NoisyBeats - NoisyMissed + NoisyExtra);
}
