using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// Atrial fibrillation (or flutter): the rhythm models give it <see cref="ArrhythmiaLimits.AtrialFibrillationProbability"/> over the last windows and the intervals
/// are irregular, or the models are nearly sure whatever the intervals do (flutter with a steady block is regular); medium. Its onset is the start of the
/// oldest window that spoke for it; it ends when the models give it well under half of that, or the intervals have become regular, for <see cref="AlarmOptions.RhythmSettle"/>.
/// Without a model that looks (none is served, or no window came for <see cref="AlarmOptions.RhythmStaleAfter"/>) the score of the intervals decides alone, some 80 beats after the onset
/// (<see cref="RrIrregularity.SmoothLogOdds"/>).
/// </summary>
internal sealed class AtrialFibrillationRule(LimitSource limits, AlarmOptions options)
    : ArrhythmiaRule(AlarmCondition.AtrialFibrillation, AlarmPriority.Medium, limits)
{
    /// <summary>Median change of the interval over the median interval from which the rhythm is irregular.</summary>
    public const double Irregular = 0.06;

    private const double Regular = 0.04;
    private const double Sure = 0.9;
    private const double EndShare = 0.6;

    // By intervals alone, at a limit of 0.5; `src/training/fibrillation/rule.py` has the same two and tells what they do.
    private const double IntervalsBegin = 1.75;
    private const double IntervalsEnd = -0.75;

    private readonly long _settle = options.RhythmSettle.Nanoseconds();
    private readonly long _window = options.RhythmStep.Nanoseconds() * options.RhythmWindows;
    private Debounce _over;

    protected override bool WaitsForModels => true;

    protected override string Name => "Atrial fibrillation";

    public override bool IsOn(ArrhythmiaLimits limits) => limits.AtrialFibrillation;

    public override void Reset()
    {
        base.Reset();
        _over = default;
    }

    /// <summary>Judges anew when a beat has come: by the intervals alone, where no model looks.</summary>
    /// <param name="evidence">Of the session.</param>
    /// <param name="beatUnixNs">Device clock of the beat.</param>
    public RuleDecision OnInterval(FibrillationEvidence evidence, long beatUnixNs)
    {
        if (evidence.IsOfModels(beatUnixNs) || evidence.Intervals is not { SmoothLogOdds: { } logOdds } intervals)
        {
            return default;
        }

        var over = logOdds - LogOdds(Limits.AtrialFibrillationProbability);
        LastSeenUnixNs = beatUnixNs;
        if (Present)
        {
            return over < IntervalsEnd ? EndNow(beatUnixNs, logOdds) : default;
        }

        return over >= IntervalsBegin && intervals.IsFull
            ? Begin(
                beatUnixNs - intervals.SpanNs, beatUnixNs,
                string.Create(CultureInfo.InvariantCulture, $"Atrial fibrillation by the intervals alone (log-odds {logOdds:F1})"), logOdds, DeviceTime.One)
            : default;
    }

    /// <summary>Judges anew when a window that counts has come.</summary>
    /// <param name="evidence">Of the session.</param>
    /// <param name="windowEndUnixNs">Device clock at the end of the newest window.</param>
    public RuleDecision OnEvidence(FibrillationEvidence evidence, long windowEndUnixNs)
    {
        if (evidence.Probability is not { } probability)
        {
            return default;
        }

        var limit = Limits.AtrialFibrillationProbability;
        if (!Present)
        {
            var holds = probability >= limit && (probability >= Math.Max(Sure, limit) || evidence.Intervals.Value >= Irregular);
            return holds
                ? Begin(
                    windowEndUnixNs - _window, windowEndUnixNs,
                    string.Create(CultureInfo.InvariantCulture, $"Atrial fibrillation (p {probability:F2})"), probability, DeviceTime.One)
                : default;
        }

        LastSeenUnixNs = windowEndUnixNs;
        var gone = probability < EndShare * limit || (probability < Sure && evidence.Intervals.Value < Regular);
        return _over.Next(gone, windowEndUnixNs, _settle, _settle) && _over.On ? EndNow(windowEndUnixNs, probability) : default;
    }

    private static double LogOdds(double probability) => Math.Log(probability / (1 - probability));

    private RuleDecision EndNow(long windowEndUnixNs, double probability)
    {
        _over = default;
        return End(windowEndUnixNs, probability);
    }
}
