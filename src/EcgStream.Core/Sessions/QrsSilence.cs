using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>
/// How long no QRS complex came, as far as that is known. What could be looked at counts whole. What could not, in a gap or without a usable lead, may have hidden a beat: it
/// counts half (the first half second of a gap whole, for that hides one beat at most), and no more than what was seen, until the next beat is long overdue behind it. The last quarter second does not count yet, for the detector may still
/// tell of it. In 500 Hz samples. One thread.
/// </summary>
internal sealed class QrsSilence
{
    /// <summary>A beat is reported at most so long after its R peak.</summary>
    private const int ReportSamples = 115;

    // A rhythm that a gap hid goes on behind it within an interval: two and a half of them, and two seconds, without a beat say that it does not.
    private const double Overdue = 2.5;
    private const int LeastOverdue = 2 * SampleClock.RateHz;

    // A stretch shorter than this holds no whole QRS complex and its report.
    private const int LeastStretch = SampleClock.RateHz / 4;

    private const int WholeOfGap = SampleClock.RateHz / 2;

    private long _seen;
    private long _unseen;
    private long _credit;
    private long _seenAt;
    private long _unseenAt;
    private long _creditAt;
    private int _gap;
    private int _stretch;
    private long _without;

    /// <summary>Something was looked at since the last call of <see cref="TakeAnalysed"/>.</summary>
    private bool _analysed;

    /// <summary>Samples went by.</summary>
    /// <param name="samples">How many.</param>
    /// <param name="looked">The detector looked at them.</param>
    /// <param name="isGap">They fill a gap.</param>
    public void Pass(int samples, bool looked, bool isGap)
    {
        if (!looked)
        {
            _stretch = 0;
            _without = 0;
            _unseen += samples;
            var whole = isGap ? Math.Clamp(WholeOfGap - _gap, 0, samples) : 0;
            _credit += samples + whole;
            _gap += samples;
            return;
        }

        _gap = 0;
        var seen = Math.Clamp(_stretch + samples - LeastStretch, 0, samples);
        _stretch = Math.Min(_stretch + samples, LeastStretch);
        _seen += seen;
        _unseen += samples - seen;
        _credit += samples - seen;
        _without += samples;
        _analysed |= seen > 0;
    }

    /// <summary>A beat was reported, or the signal begins.</summary>
    /// <param name="ago">Samples since it.</param>
    public void Restart(long ago)
    {
        _without = Math.Min(_without, ago);
        (_seenAt, _unseenAt, _creditAt) = (_seen - _without, _unseen, _credit);
    }

    /// <summary>Samples of the time since the last beat that do not count as without one.</summary>
    /// <param name="since">Samples since the last beat, or since the signal began.</param>
    /// <param name="interval">Usual samples from beat to beat; null while not known.</param>
    public long Unknown(long since, double? interval)
    {
        var seen = _seen - _seenAt;
        var unseen = _unseen - _unseenAt;
        var isOverdue = interval is { } usual && _without - ReportSamples >= Math.Max(LeastOverdue, Overdue * usual);
        var known = seen + (isOverdue ? unseen : Math.Min((_credit - _creditAt) / 2, seen)) - ReportSamples;
        return Math.Clamp(since - known, 0, Math.Max(0, since));
    }

    /// <summary>Whether anything was looked at since the last call.</summary>
    public bool TakeAnalysed()
    {
        var analysed = _analysed;
        _analysed = false;
        return analysed;
    }
}
