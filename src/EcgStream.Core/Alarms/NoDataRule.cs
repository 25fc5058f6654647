using System.Globalization;

namespace EcgStream.Core.Alarms;

/// <summary>
/// A session that did not say it ends and sends nothing for <see cref="AlarmOptions.NoDataAfter"/>, on the daemon's clock: technical,
/// medium. Ends with the next chunk. Runs on timestamps of the given clock, which must be the one that all calls use.
/// </summary>
internal sealed class NoDataRule(AlarmOptions options, TimeProvider clock) : AlarmRule(AlarmCondition.NoData)
{
    public const string Source = "rule/no-data";

    private bool _watching;
    private bool _anchored;
    private long _lastSeen;
    private long _lastDeviceTimeUnixNs;

    /// <summary>The device is expected to send.</summary>
    public bool IsWatching => _watching;

    /// <summary>Takes over an open alarm of any condition: a device that had one and was not done is expected to send.</summary>
    public override void Restore(AlarmTransitionRecord open)
    {
        Anchor(open.EventUnixNs);
        _watching |= open.State != AlarmState.Latched;
        Present |= open is { Condition: AlarmCondition.NoData, State: not AlarmState.Latched };
    }

    public override void Reset() => (Present, _watching, _anchored) = (false, false, false);

    /// <summary>The best knowledge of the device's clock before its first chunk.</summary>
    public void Anchor(long deviceTimeUnixNs)
    {
        if (!_anchored || deviceTimeUnixNs > _lastDeviceTimeUnixNs)
        {
            (_anchored, _lastDeviceTimeUnixNs, _lastSeen) = (true, deviceTimeUnixNs, clock.GetTimestamp());
        }
    }

    public long LastDeviceTimeUnixNs => _anchored ? _lastDeviceTimeUnixNs : long.MinValue;

    /// <summary>A session is known to run, without new data from it.</summary>
    public void Expect(long deviceTimeUnixNs)
    {
        Anchor(deviceTimeUnixNs);
        _watching = true;
    }

    public void ExpectNothing() => _watching = false;

    /// <summary>Device clock now, as well as it is known: that of the last sample carried on by the time that passed since it came.</summary>
    public long EstimateDeviceTime() => !_anchored ? 0 : _lastDeviceTimeUnixNs + clock.GetElapsedTime(_lastSeen).Nanoseconds();

    public RuleDecision OnData(long deviceTimeUnixNs)
    {
        var silent = Present;
        var seconds = silent ? clock.GetElapsedTime(_lastSeen).TotalSeconds : 0;
        (Present, _watching, _anchored) = (false, true, true);
        _lastSeen = clock.GetTimestamp();
        _lastDeviceTimeUnixNs = deviceTimeUnixNs;
        return silent
            ? End(deviceTimeUnixNs, string.Create(CultureInfo.InvariantCulture, $"Data are back after {seconds:F0} s"), seconds)
            : default;
    }

    public RuleDecision OnTick()
    {
        var silence = clock.GetElapsedTime(_lastSeen);
        if (!_watching || Present || silence < options.NoDataAfter)
        {
            return default;
        }

        Present = true;
        return new RuleDecision(
            RuleSignal.Begin, AlarmPriority.Medium, _lastDeviceTimeUnixNs, EstimateDeviceTime(),
            string.Create(CultureInfo.InvariantCulture, $"No data for {silence.TotalSeconds:F0} s"), Source, silence.TotalSeconds, DeviceTime.Seconds);
    }

    /// <summary>The device said that its session ends: silence is expected from now on.</summary>
    public RuleDecision OnSilenceExpected(string why = "The session ended")
    {
        var silent = Present;
        (Present, _watching) = (false, false);
        return silent ? End(EstimateDeviceTime(), why, 0) : default;
    }

    private static RuleDecision End(long eventUnixNs, string text, double seconds) =>
        new(RuleSignal.End, AlarmPriority.Medium, 0, eventUnixNs, text, Source, seconds, DeviceTime.Seconds);
}
