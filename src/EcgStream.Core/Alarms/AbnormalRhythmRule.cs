using System.Globalization;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Abnormal rhythm, from what the models say of windows. Each model has its own hysteresis (<see cref="RhythmEvidence"/>); the device has
/// one alarm: it begins with the first model that turns abnormal and ends when no model that still speaks is abnormal and one is normal.
/// Windows marked lead-off or poor quality do not count. A label that the card keeps from raising alarms counts as a normal window does. Priority is that of the model card's label, medium where the card gives none; it rises
/// while the condition lasts but never falls.
/// </summary>
internal sealed class AbnormalRhythmRule(AlarmOptions options) : AlarmRule(AlarmCondition.AbnormalRhythm)
{
    private const WindowMarks DoesNotCount = WindowMarks.LeadOff | WindowMarks.PoorQuality;

    private readonly List<RhythmEvidence> _models = [];
    private readonly long _maxAge = options.RhythmMaxAge.Nanoseconds();
    private readonly long _updateInterval = options.UpdateInterval.Nanoseconds();
    private AlarmPriority _toldPriority;
    private string _toldLabel = "";
    private double _toldProbability;
    private long _toldAt;

    /// <summary>Takes the alarm over as the journal has it; the model that raised it holds it until it has judged anew.</summary>
    public override void Restore(AlarmTransitionRecord open)
    {
        Reset();
        Present = true;
        (_toldPriority, _toldProbability, _toldAt) = (open.Priority, open.Value, open.EventUnixNs);
        var slash = open.Source.LastIndexOf('/');
        var evidence = new RhythmEvidence(options, slash < 0 ? open.Source : open.Source[..slash]);
        evidence.RestoreAbnormal(open.EventUnixNs);
        _models.Add(evidence);
    }

    public override void Reset()
    {
        Present = false;
        _models.Clear();
        _toldPriority = AlarmPriority.Unspecified;
        _toldLabel = "";
    }

    /// <summary>Takes a result; <paramref name="counted"/> says whether its window was evidence.</summary>
    public RuleDecision OnResult(RhythmResult result, out bool counted)
    {
        counted = (result.Marks & DoesNotCount) == 0 && EvidenceOf(result.Model.Name).Add(result);
        if (!counted)
        {
            return default;
        }

        var worst = Worst(result.EndUnixNs, out var anyNormal);
        if (worst is not null)
        {
            return Present ? Changed(worst, result.EndUnixNs) : Tell(RuleSignal.Begin, worst, result.EndUnixNs);
        }

        return Present && anyNormal
            ? End(result.EndUnixNs, "Rhythm no longer abnormal", result.Model.Name + "/" + result.Model.Version, result.AbnormalScore)
            : default;
    }

    /// <summary>Ends it without evidence: no window came that counts, or the session is over.</summary>
    public RuleDecision End(long eventUnixNs, string why) => Present ? End(eventUnixNs, why, "rule/abnormal-rhythm", 0) : default;

    /// <summary>Results of its last windows are still being computed.</summary>
    public override RuleDecision OnSessionEnded(long timeUnixNs, string why) => default;

    private RuleDecision End(long eventUnixNs, string text, string source, double value)
    {
        Present = false;
        _toldPriority = AlarmPriority.Unspecified;
        return new RuleDecision(RuleSignal.End, AlarmPriority.Medium, 0, eventUnixNs, text, source, value, DeviceTime.One);
    }

    private RhythmEvidence EvidenceOf(string model)
    {
        foreach (var evidence in _models)
        {
            if (evidence.Model == model)
            {
                return evidence;
            }
        }

        var added = new RhythmEvidence(options, model);
        _models.Add(added);
        return added;
    }

    /// <summary>The abnormal model of the highest priority, then probability; models silent for longer than the maximal age have no say.</summary>
    private RhythmEvidence? Worst(long nowUnixNs, out bool anyNormal)
    {
        RhythmEvidence? worst = null;
        anyNormal = false;
        for (var i = _models.Count - 1; i >= 0; i--)
        {
            var evidence = _models[i];
            if (nowUnixNs - evidence.NewestEndUnixNs > _maxAge)
            {
                _models.RemoveAt(i);
                continue;
            }

            anyNormal |= evidence.State == RhythmEvidence.Verdict.Normal;
            if (evidence.State == RhythmEvidence.Verdict.Abnormal
                && (worst is null || (PriorityOf(evidence), evidence.Probability).CompareTo((PriorityOf(worst), worst.Probability)) > 0))
            {
                worst = evidence;
            }
        }

        return worst;
    }

    private RuleDecision Changed(RhythmEvidence worst, long timeUnixNs)
    {
        if (worst.Label is not { } label)
        {
            return default; // restored, and not one abnormal window since: what was told still stands
        }

        if (PriorityOf(worst) <= _toldPriority)
        {
            var since = timeUnixNs - _toldAt;
            var same = label.Name == _toldLabel && Math.Abs(worst.Probability - _toldProbability) < options.RhythmUpdateMinChange;
            if (same || (since >= 0 && since < _updateInterval))
            {
                return default;
            }
        }

        return Tell(RuleSignal.Change, worst, timeUnixNs);
    }

    private RuleDecision Tell(RuleSignal signal, RhythmEvidence worst, long timeUnixNs)
    {
        Present = true;
        _toldLabel = worst.Label?.Name ?? "";
        _toldPriority = (AlarmPriority)Math.Max((int)_toldPriority, (int)PriorityOf(worst));
        (_toldProbability, _toldAt) = (worst.Probability, timeUnixNs);
        return new RuleDecision(
            signal, _toldPriority, worst.FirstAbnormalStartUnixNs, timeUnixNs,
            string.Create(CultureInfo.InvariantCulture, $"Abnormal rhythm: {_toldLabel} (p {worst.Probability:F2})"), worst.Source, worst.Probability, DeviceTime.One);
    }

    private static AlarmPriority PriorityOf(RhythmEvidence evidence) => evidence.Label?.AlarmPriority ?? AlarmPriority.Medium;
}
