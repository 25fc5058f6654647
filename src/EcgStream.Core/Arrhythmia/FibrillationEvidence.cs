using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Arrhythmia;

/// <summary>
/// What the rhythm models and the intervals together say of atrial fibrillation: the mean probability that the last windows give it, and the irregularity of
/// the intervals. Windows without a lead or of poor quality do not count. Where no window came for a while, the intervals speak alone. Constant memory, one thread.
/// </summary>
/// <param name="windows">Windows that <see cref="Probability"/> is the mean of.</param>
/// <param name="maxAgeNs">Windows so much older than the newest do not count.</param>
/// <param name="staleAfterNs">When no window came for so long, the models say nothing of now.</param>
internal sealed class FibrillationEvidence(int windows, long maxAgeNs, long staleAfterNs)
{
    /// <summary>SNOMED CT: atrial fibrillation.</summary>
    public const string SnomedCode = "164889003";

    /// <summary>SNOMED CT: atrial flutter, which is alarmed as fibrillation.</summary>
    public const string FlutterSnomedCode = "164890007";

    private const WindowMarks DoesNotCount = WindowMarks.LeadOff | WindowMarks.PoorQuality;

    private readonly (long EndUnixNs, float Probability)[] _ring = new (long, float)[windows];
    private int _count;
    private ModelIdentity? _model;
    private int[] _labels = [];

    /// <summary>Intervals of the detected beats.</summary>
    public RrIrregularity Intervals { get; } = new();

    /// <summary>Mean probability of atrial fibrillation over the windows that count; null while there are too few, or no model knows it.</summary>
    public double? Probability { get; private set; }

    /// <summary>Whether the models say something of this time of the device.</summary>
    public bool IsOfModels(long unixNs) => Probability is not null && unixNs - _ring[0].EndUnixNs < staleAfterNs;

    public void Reset()
    {
        ForgetWindows();
        Intervals.Reset();
    }

    public void ForgetWindows()
    {
        _count = 0;
        Probability = null;
    }

    /// <summary>Takes a window; false if it does not count.</summary>
    public bool Add(RhythmResult result)
    {
        if ((result.Marks & DoesNotCount) != 0 || !Knows(result.Model))
        {
            return false;
        }

        if (_count > 0 && result.EndUnixNs <= _ring[0].EndUnixNs)
        {
            if (result.EndUnixNs > _ring[0].EndUnixNs - maxAgeNs)
            {
                return false; // late
            }

            _count = 0; // the device's clock was set back
        }

        var probability = 0f;
        foreach (var label in _labels)
        {
            probability += result.Scores[label];
        }

        _ring.AsSpan(0, _ring.Length - 1).CopyTo(_ring.AsSpan(1));
        _ring[0] = (result.EndUnixNs, Math.Min(1, probability));
        _count = Math.Min(_count + 1, _ring.Length);
        while (_ring[_count - 1].EndUnixNs < result.EndUnixNs - maxAgeNs)
        {
            _count--;
        }

        var sum = 0.0;
        for (var i = 0; i < _count; i++)
        {
            sum += _ring[i].Probability;
        }

        Probability = 2 * _count > _ring.Length ? sum / _count : null;
        return true;
    }

    private bool Knows(ModelIdentity model)
    {
        if (!ReferenceEquals(model, _model))
        {
            var labels = new List<int>();
            for (var i = 0; i < model.Labels.Count; i++)
            {
                if (model.Labels[i].SnomedCode is SnomedCode or FlutterSnomedCode)
                {
                    labels.Add(i);
                }
            }

            if (labels.Count == 0)
            {
                return false; // another model of the session may know it: what is kept stays
            }

            (_model, _labels) = (model, [.. labels]);
        }

        return _labels.Length > 0;
    }
}
