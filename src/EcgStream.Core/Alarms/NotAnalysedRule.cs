using System.Globalization;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Samples arrive, but for <see cref="AlarmOptions.NotAnalysedAfter"/> nothing of them was analysed, whatever the cause: sessions that begin again and again, electrodes that
/// come and go, chunks that are all too late, a defect. Technical, medium, on the daemon's clock; it outlives sessions. Ends with the first signal that is analysed.
/// What another condition explains is told as that.
/// </summary>
internal sealed class NotAnalysedRule(AlarmOptions options, TimeProvider clock, Func<bool> explained) : AlarmRule(AlarmCondition.NotAnalysed)
{
    public const string Source = "rule/not-analysed";

    private bool _arriving;
    private long _lastArrival;
    private long _lastAnalysed;
    private long _sinceUnixNs;

    public override void Restore(AlarmTransitionRecord open)
    {
        OnArrival(open.EventUnixNs);
        (Present, _sinceUnixNs) = (true, open.OnsetUnixNs);
    }

    public override void Reset() => (Present, _arriving) = (false, false);

    /// <summary>Samples came in.</summary>
    /// <param name="deviceTimeUnixNs">Device clock now, as well as it is known.</param>
    public void OnArrival(long deviceTimeUnixNs)
    {
        if (!_arriving || clock.GetElapsedTime(_lastArrival) >= options.NoDataAfter)
        {
            (_arriving, _lastAnalysed, _sinceUnixNs) = (true, clock.GetTimestamp(), deviceTimeUnixNs);
        }

        _lastArrival = clock.GetTimestamp();
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        if (status.NotAnalysed)
        {
            return default;
        }

        (_lastAnalysed, _sinceUnixNs) = (clock.GetTimestamp(), status.TimeUnixNs + status.ClockStepsNs);
        return End(status.TimeUnixNs, "Signal is analysed again");
    }

    public RuleDecision OnTick(long deviceTimeUnixNs)
    {
        if (!_arriving)
        {
            return default;
        }

        if (clock.GetElapsedTime(_lastArrival) >= options.NoDataAfter)
        {
            _arriving = false;
            return End(deviceTimeUnixNs, "No samples arrive any more");
        }

        if (explained())
        {
            return End(deviceTimeUnixNs, "Told as another condition");
        }

        var without = clock.GetElapsedTime(_lastAnalysed);
        if (Present || without < options.NotAnalysedAfter)
        {
            return default;
        }

        Present = true;
        return new RuleDecision(
            RuleSignal.Begin, AlarmPriority.Medium, _sinceUnixNs, deviceTimeUnixNs,
            string.Create(CultureInfo.InvariantCulture, $"Samples arrive, nothing analysed for {without.TotalSeconds:F0} s"), Source, without.TotalSeconds, DeviceTime.Seconds);
    }

    /// <summary>Another session may be as little analysed as this one.</summary>
    public override RuleDecision OnSessionEnded(long timeUnixNs, string why) => default;

    public override RuleDecision OnSignalLost(long timeUnixNs, string why) => default;

    private RuleDecision End(long timeUnixNs, string text)
    {
        if (!Present)
        {
            return default;
        }

        Present = false;
        return new RuleDecision(RuleSignal.End, AlarmPriority.Medium, 0, timeUnixNs, text, Source, 0, DeviceTime.One);
    }
}
