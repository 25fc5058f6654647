namespace EcgStream.Evaluation.Alarms;

/// <summary>Counts of the challenge, and its score: a true alarm that was suppressed costs five times as much as a false one that was not.</summary>
internal readonly record struct AlarmScore(int Tp, int Fp, int Fn, int Tn)
{
    private const int MissPenalty = 5;

    /// <summary>100·(TP + TN)/(TP + TN + FP + 5·FN); null without records.</summary>
    public double? Score => Total == 0 ? null : 100.0 * (Tp + Tn) / (Tp + Tn + Fp + (MissPenalty * Fn));

    public double? Sensitivity => Tp + Fn == 0 ? null : 100.0 * Tp / (Tp + Fn);

    public double? Specificity => Tn + Fp == 0 ? null : 100.0 * Tn / (Tn + Fp);

    public int Total => Tp + Fp + Fn + Tn;

    public static AlarmScore Of(IEnumerable<AlarmOutcome> outcomes)
    {
        int tp = 0, fp = 0, fn = 0, tn = 0;
        foreach (var outcome in outcomes)
        {
            if (outcome.Alarm.IsTrue)
            {
                _ = outcome.Fired ? tp++ : fn++;
            }
            else
            {
                _ = outcome.Fired ? fp++ : tn++;
            }
        }

        return new AlarmScore(tp, fp, fn, tn);
    }
}
