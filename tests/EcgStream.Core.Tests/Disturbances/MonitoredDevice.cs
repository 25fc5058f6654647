using EcgStream.Core.Alarms;
using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Core.Tests.Sessions;
using EcgStream.Testing;

namespace EcgStream.Core.Tests.Disturbances;

/// <summary>A device's session with its alarm rules behind it, as the daemon joins them, without any model. The clock moves with the samples that are given.</summary>
internal sealed class MonitoredDevice : ISessionSink
{
    private readonly DeviceSession _session;
    private double _seconds;

    public MonitoredDevice()
    {
        _session = new DeviceSession(
            "bed-1", new SessionOptions(), new SignalWorkspace(new WindowPlan(new WindowOptions(), [new RhythmWindowPool(Bench.Plain("m"), 4)])), this, Clock);
        Alarms = new DeviceAlarms("bed-1", new AlarmOptions(), Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public DeviceAlarms Alarms { get; }

    public DeviceSession Session => _session;

    public List<AlarmTransitionRecord> Transitions { get; } = [];

    /// <summary>Transitions with the seconds of true time at which their deciding chunk was there.</summary>
    public List<(double Seconds, AlarmTransitionRecord Transition)> Timed { get; } = [];

    public List<Beat> Beats { get; } = [];

    public List<(double Seconds, float? Bpm)> Rates { get; } = [];

    public List<long> WindowStarts { get; } = [];

    public List<SignalGap> Gaps { get; } = [];

    public void Give((ChunkHeader Header, byte[] Payload)? chunk, double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        _seconds += seconds;
        if (chunk is { } given)
        {
            _session.Accept(in given.Header, given.Payload, Clock.GetTimestamp(), given.Header.EndUnixNs);
            Alarms.OnArrival();
        }

        _session.Poll(Clock.GetTimestamp());
        Alarms.OnTick(Transitions);
        Timed.AddRange(Transitions.Skip(Timed.Count).Select(transition => (_seconds, transition)));
    }

    /// <summary>Seconds of true time at which a condition was raised at or behind a second; null when it never was.</summary>
    public double? Raised(AlarmCondition condition, double from = 0) =>
        Timed.Where(told => told.Seconds >= from && told.Transition.Condition == condition && told.Transition.Transition == AlarmTransition.Raised)
            .Select(told => (double?)told.Seconds).FirstOrDefault();

    public bool WantsSamples(string deviceId) => false;

    public void OnWindow(RhythmWindow window)
    {
        WindowStarts.Add(window.StartUnixNs);
        window.Return();
    }

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => Assert.Fail("dropped");

    public void OnBeat(in Beat beat)
    {
        Beats.Add(beat);
        Alarms.OnBeat(in beat, Transitions);
    }

    public void OnBeatUnclassified(in Beat beat) => Alarms.OnBeat(new ClassifiedBeat(beat, BeatClass.Q, 0), Transitions);

    public void OnVitals(in VitalsSecond vitals)
    {
    }

    public void OnStatus(in SignalStatus status)
    {
        Rates.Add((_seconds, status.HeartRateBpm));
        Alarms.OnStatus(in status, Transitions);
    }

    public void OnGap(in SignalGap gap) => Gaps.Add(gap);

    public void OnSamples(in FilteredSamples samples)
    {
    }
}
