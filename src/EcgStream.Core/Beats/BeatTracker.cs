using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Beats;

/// <summary>Detects, locates and reports the beats of one session and keeps its rate. One thread.</summary>
internal sealed class BeatTracker
{
    private readonly LeadLayout _layout;
    private readonly SignalWorkspace _workspace;
    private readonly QrsDetector _detector;
    private readonly BeatLocator _locator;
    private long _lastPeak = -1;
    private uint _usable;
    private bool _told;

    public BeatTracker(LeadLayout layout, SignalWorkspace workspace)
    {
        _layout = layout;
        _workspace = workspace;
        _detector = new QrsDetector(layout.Carried.Count, workspace.Tuning);
        _locator = new BeatLocator(layout);
    }

    /// <summary>On the clock of the session's samples.</summary>
    public HeartRateMeter Rate { get; } = new();

    /// <summary>Sample of the last R peak of the session.</summary>
    public long? LastPeak { get; private set; }

    /// <summary>Usual samples from beat to beat; null until beats have told it.</summary>
    public double? UsualInterval => _detector.UsualInterval;

    /// <summary>A lead is looked at now.</summary>
    public bool IsLooking => _detector.IsLooking;

    /// <summary>See <see cref="QrsDetector.IsReady"/>.</summary>
    public bool IsReady => _detector.IsReady;

    /// <summary>The next sample touches none before it: no RR interval spans the gap.</summary>
    public void Begin(long sample)
    {
        _detector.Reset(sample);
        _lastPeak = -1;
    }

    /// <summary>Says which carried leads (bits) to look at from now on; no RR interval spans a time with none.</summary>
    public void Use(uint usable)
    {
        _lastPeak = usable == 0 ? -1 : _lastPeak;
        if (_told && usable == _usable)
        {
            return;
        }

        _usable = usable;
        _told = true;
        var usableLanes = _workspace.UsableLanes.AsSpan(0, _layout.Carried.Count);
        for (var lane = 0; lane < usableLanes.Length; lane++)
        {
            usableLanes[lane] = (usable & _layout.Carried[lane].Bit()) != 0;
        }

        _detector.Use(usableLanes);
    }

    /// <summary>Takes filtered frames that the rings hold already.</summary>
    /// <returns>Beats reported.</returns>
    public int Process(
        ReadOnlySpan<double> frames, SampleRings rings, long total, SessionClock clock, in BeatOrigin origin, BeatWindower windower, StreamCounters counters, ISessionSink sink)
    {
        var found = _detector.Process(frames, _workspace.Found);
        for (var index = 0; index < found; index++)
        {
            var peak = _locator.Locate(rings, total, _workspace.Found[index], ~_usable, out var lead, out var millivolts);
            float? interval = _lastPeak >= 0 ? (peak - _lastPeak) * (1000f / SampleClock.RateHz) : null;
            _lastPeak = _usable == 0 ? -1 : peak;
            LastPeak = peak - MonitoringBand.QrsDelaySamples;
            Rate.Add(LastPeak.Value * SampleClock.SampleNs, interval);
            var beat = new Beat(origin.DeviceId, origin.SessionId, clock.At(LastPeak.Value), interval, millivolts, lead, origin.IngestTimestamp) { ClockStepsNs = clock.StepsNs };
            sink.OnBeat(in beat);
            windower.Add(in beat, peak, counters, sink);
        }

        return found;
    }
}
