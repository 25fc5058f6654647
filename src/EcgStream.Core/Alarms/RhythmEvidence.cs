using EcgStream.Core.Results;

namespace EcgStream.Core.Alarms;

/// <summary>
/// The last M windows of one model that count, and the hysteresis over them: N abnormal ones turn it to <see cref="Verdict.Abnormal"/>,
/// K normal ones to <see cref="Verdict.Normal"/>; in between it stays what it was.
/// </summary>
internal sealed class RhythmEvidence(AlarmOptions options, string model)
{
    private const int Normal = -1;

    private readonly Entry[] _ring = new Entry[options.RhythmWindows];
    private readonly long _step = options.RhythmStep.Nanoseconds();
    private readonly long _maxAge = options.RhythmMaxAge.Nanoseconds();
    private int _count;
    private ModelIdentity? _identity;

    internal enum Verdict
    {
        Unknown,
        Normal,
        Abnormal,
    }

    public string Model => model;

    public Verdict State { get; private set; }

    /// <summary>Device clock of the end of the newest window that counted.</summary>
    public long NewestEndUnixNs { get; private set; } = long.MinValue;

    /// <summary>Device clock of the start of the oldest abnormal window that counts.</summary>
    public long FirstAbnormalStartUnixNs { get; private set; }

    /// <summary>Mean probability of anything abnormal over the abnormal windows that count; of all windows when none is abnormal.</summary>
    public double Probability { get; private set; }

    /// <summary>The most frequent abnormal label, the newer one of equals; null when none is abnormal.</summary>
    public ModelLabel? Label { get; private set; }

    public string Source => _identity is { } identity ? identity.Name + "/" + identity.Version : model;

    public void RestoreAbnormal(long endUnixNs) => (State, NewestEndUnixNs) = (Verdict.Abnormal, endUnixNs);

    /// <summary>Takes a window that may count; false if it does not, being older than, or too near, the one before.</summary>
    public bool Add(RhythmResult result)
    {
        if (NewestEndUnixNs != long.MinValue)
        {
            var ahead = result.EndUnixNs - NewestEndUnixNs;
            if (ahead < -_maxAge)
            {
                _count = 0; // not a late window but a clock set back: what was counted lies in a future that never comes
            }
            else if (ahead <= 0 || ahead < _step)
            {
                return false;
            }
        }

        _identity = result.Model;
        NewestEndUnixNs = result.EndUnixNs;
        // Newest first: M is small, and a plain shift keeps the counting below readable.
        _ring.AsSpan(0, _ring.Length - 1).CopyTo(_ring.AsSpan(1));
        _ring[0] = new Entry(result.StartUnixNs, result.EndUnixNs, Raises(result) ? result.PredictedIndex : Normal, result.AbnormalScore);
        _count = Math.Min(_count + 1, _ring.Length);
        while (_ring[_count - 1].EndUnixNs < NewestEndUnixNs - _maxAge)
        {
            _count--;
        }

        Judge();
        return true;
    }

    // An abnormal finding that raises no alarm speaks against one as a normal window does: else it would keep an alarm that nothing upholds.
    private static bool Raises(RhythmResult result) => result.Abnormal && result.Model.Labels[result.PredictedIndex].RaisesAlarm;

    private void Judge()
    {
        int abnormal = 0, best = 0, bestIndex = Normal;
        double abnormalSum = 0, sum = 0;
        for (var i = 0; i < _count; i++)
        {
            sum += _ring[i].Score;
            if (_ring[i].Index == Normal)
            {
                continue;
            }

            abnormal++;
            abnormalSum += _ring[i].Score;
            FirstAbnormalStartUnixNs = _ring[i].StartUnixNs;
            var votes = 0;
            for (var j = 0; j < _count; j++)
            {
                votes += _ring[j].Index == _ring[i].Index ? 1 : 0;
            }

            if (votes > best)
            {
                (best, bestIndex) = (votes, _ring[i].Index);
            }
        }

        Label = bestIndex == Normal ? null : _identity!.Labels[bestIndex];
        Probability = abnormal > 0 ? abnormalSum / abnormal : sum / _count;
        if (abnormal >= options.RhythmRaise)
        {
            State = Verdict.Abnormal;
        }
        else if (_count - abnormal >= options.RhythmClear)
        {
            State = Verdict.Normal;
        }
    }

    private readonly record struct Entry(long StartUnixNs, long EndUnixNs, int Index, float Score);
}
