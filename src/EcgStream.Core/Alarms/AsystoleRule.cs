using System.Globalization;
using EcgStream.Core.Alarms.Rules;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Cardiac standstill: no QRS for <see cref="ArrhythmiaLimits.AsystoleSeconds"/> while a lead can be analysed; high, latching. A session
/// (or a signal after lead-off) without any QRS yet gets <see cref="AlarmOptions.DetectorLearning"/> on top. Lead-off, saturation, leads
/// that do not move by a microvolt (an input that nothing is connected to: a standstill still has the noise of the skin) and gaps are never asystole: without an analysable lead nothing is raised, and what was raised ends.
/// Ends at <see cref="AlarmOptions.AsystoleClearQrs"/> QRS within <see cref="AlarmOptions.AsystoleClearWithin"/>. A gap may have hidden a beat: see <see cref="SignalStatus.UnknownNs"/>.
/// </summary>
internal sealed class AsystoleRule(AlarmOptions options, LimitSource limits) : AlarmRule(AlarmCondition.Asystole)
{
    public const string Source = "rule/asystole";

    private readonly long _learning = options.DetectorLearning.Nanoseconds();
    private readonly long _clearWithin = options.AsystoleClearWithin.Nanoseconds();
    private readonly long _lossHold = options.SignalLossHold.Nanoseconds();
    private readonly long[] _qrs = new long[options.AsystoleClearQrs];
    private int _qrsCount;
    private long _countAfter;
    private long? _lostSince;

    public override void Restore(AlarmTransitionRecord open) => Begin(open.EventUnixNs);

    public override void Reset() => (Present, _qrsCount, _lostSince) = (false, 0, null);

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        var analysableSince = status.AllLeadsOff || status.AllLeadsDead ? null : status.AnalysableSinceUnixNs;
        return Present ? WhilePresent(status, analysableSince) : WhileAbsent(status, analysableSince);
    }

    /// <summary>No samples come any more: nothing says that the standstill goes on.</summary>
    public override RuleDecision OnSignalLost(long timeUnixNs, string why)
    {
        if (!Present)
        {
            return default;
        }

        Reset();
        return End(timeUnixNs, "Asystole no longer assessed: " + why, 0, DeviceTime.One);
    }

    private RuleDecision WhileAbsent(in SignalStatus status, long? analysableSince)
    {
        if (analysableSince is not { } since)
        {
            return default;
        }

        var seen = status.LastQrsUnixNs is { } qrs && qrs >= since;
        var from = seen ? status.LastQrsUnixNs!.Value : since;
        var without = status.TimeUnixNs - from - status.UnknownNs;
        var after = (long)(limits.Current.AsystoleSeconds * 1e9);
        if (without < (seen ? after : after + _learning))
        {
            return default;
        }

        Begin(from);
        var seconds = DeviceTime.ToSeconds(status.TimeUnixNs - from);
        return new RuleDecision(
            RuleSignal.Begin, AlarmPriority.High, from, status.TimeUnixNs,
            string.Create(CultureInfo.InvariantCulture, $"Asystole: no QRS for {seconds:F1} s"), Source, seconds, DeviceTime.Seconds);
    }

    private RuleDecision WhilePresent(in SignalStatus status, long? analysableSince)
    {
        if (analysableSince is null)
        {
            if (_lostSince is not { } lost || lost > status.TimeUnixNs)
            {
                _lostSince = lost = status.TimeUnixNs;
            }

            return status.TimeUnixNs - lost >= _lossHold ? OnSignalLost(status.TimeUnixNs, "no lead can be analysed") : default;
        }

        _lostSince = null;
        if (status.TimeUnixNs < _countAfter)
        {
            _countAfter = long.MinValue; // the device's clock was set back
        }

        if (status.LastQrsUnixNs is not { } qrs || (_qrsCount > 0 && qrs == _qrs[0]) || qrs <= _countAfter)
        {
            return default;
        }

        // Newest first; a QRS that lies before the newest one is a clock set back, and starts the count again.
        if (_qrsCount > 0 && qrs < _qrs[0])
        {
            _qrsCount = 0;
        }

        _qrs.AsSpan(0, _qrs.Length - 1).CopyTo(_qrs.AsSpan(1));
        _qrs[0] = qrs;
        _qrsCount = Math.Min(_qrsCount + 1, _qrs.Length);
        var span = qrs - _qrs[^1];
        if (_qrsCount < _qrs.Length || span > _clearWithin)
        {
            return default;
        }

        var count = _qrs.Length;
        Reset();
        var seconds = DeviceTime.ToSeconds(span);
        return End(
            status.TimeUnixNs, string.Create(CultureInfo.InvariantCulture, $"Asystole ended: {count} QRS in {seconds:F1} s"), seconds, DeviceTime.Seconds);
    }

    private void Begin(long countAfter)
    {
        Reset();
        Present = true;
        _countAfter = countAfter;
    }

    private static RuleDecision End(long timeUnixNs, string text, double value, string unit) =>
        new(RuleSignal.End, AlarmPriority.High, 0, timeUnixNs, text, Source, value, unit);
}
