using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Ingest;
using SessionOptions = EcgStream.Core.Sessions.SessionOptions;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// One device on its shard: its session, and where what comes out of it goes. Only the shard's loop calls it; other threads may read
/// the properties, each value by itself.
/// </summary>
internal sealed class DeviceStream : ISessionSink, IWindowTracker
{
    private readonly DeviceEntry _device;
    private readonly StreamOutlets _outlets;
    private readonly DeviceSession _session;
    private readonly BeatFlow _beats;
    private ReplayHorizon? _horizon;
    private bool _replaying;
    private bool _wasOpen;
    private ulong _toldSession;
    private float _heartRateBpm;
    private long _lastSampleUnixNs;
    private ulong _replayedSession;
    private long _replayedUntilUnixNs;

    public DeviceStream(DeviceEntry device, StreamOutlets outlets, SignalWorkspace workspace, SessionOptions options, TimeProvider clock)
    {
        _device = device;
        _outlets = outlets;
        _beats = new BeatFlow(outlets.Beats, clock);
        _session = new DeviceSession(device.DeviceId, options, workspace, this, clock);
    }

    public DeviceSession Session => _session;

    /// <summary>Where results of single beats go.</summary>
    public BeatFlow Beats => _beats;

    /// <summary>0 while not known.</summary>
    public float HeartRateBpm => Volatile.Read(ref _heartRateBpm);

    /// <summary>Device clock at the end of the last analysed sample.</summary>
    public long LastSampleUnixNs => Volatile.Read(ref _lastSampleUnixNs);

    /// <summary>Whether a window was cut from the journal's tail at start.</summary>
    public bool WasReplayed(ulong sessionId, long windowEndUnixNs) =>
        sessionId == Volatile.Read(ref _replayedSession) && windowEndUnixNs <= Volatile.Read(ref _replayedUntilUnixNs);

    public void Process(ChunkTicket chunk)
    {
        ref readonly var header = ref chunk.Header;
        if (chunk.Replayed)
        {
            if (_horizon?.SessionId != header.SessionId)
            {
                _horizon = _outlets.HorizonOf(_device.DeviceId, header.SessionId);
                if (_horizon.GridUnixNs is { } grid)
                {
                    _session.ExpectGrid(header.SessionId, grid);
                }
            }

            Volatile.Write(ref _replayedSession, header.SessionId);
            Volatile.Write(ref _replayedUntilUnixNs, header.EndUnixNs);
        }

        _replaying = chunk.Replayed;
        if (!chunk.Replayed)
        {
            // Before anything else: that samples arrive of which nothing is analysed must be known whatever goes wrong with them.
            _outlets.Alarms.OnArrival(_device.DeviceId);
        }

        _session.Accept(in header, chunk.Payload.Span, chunk.IngestTimestamp, chunk.IngestUnixNs);
        TellEnd();
    }

    /// <summary>Lets the session give up on chunks that never came.</summary>
    public void Poll(long timestamp)
    {
        _session.Poll(timestamp);
        _beats.Poll();
        TellEnd();
    }

    /// <summary>The daemon no longer knows the device.</summary>
    public void Forget()
    {
        _beats.Flush();
        _outlets.Alarms.OnDeviceForgotten(_device.DeviceId);
    }

    public bool WantsSamples(string deviceId) => false;

    public void OnWindow(RhythmWindow window)
    {
        if (_replaying && _horizon!.Has(window))
        {
            window.Return();
            return;
        }

        _device.Totals.AddWindowUnderWay();
        window.Tracker = this;

        // Read before the window is given away; told before its result can come.
        if (_outlets.Windows.DecidesBeats(window.Recipe) && window.Beat is { } beat)
        {
            _beats.Queued(in beat, taken: true);
            if (!_outlets.Windows.TryEnqueue(window))
            {
                _beats.Queued(in beat, taken: false);
            }

            return;
        }

        _device.Totals.AddWindow();
        if (!_outlets.Windows.TryEnqueue(window))
        {
            _device.Totals.AddWindowDropped();
        }
    }

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs)
    {
        if (!_outlets.Windows.DecidesBeats(recipe))
        {
            _device.Totals.AddWindow();
            _device.Totals.AddWindowDropped();
        }

        _outlets.Windows.CountPoolEmpty(recipe);
    }

    public void OnWindowReturned() => _device.Totals.EndWindowUnderWay();

    public void OnBeat(in Beat beat)
    {
        _outlets.Alarms.OnBeat(in beat, _replaying);
        if (_replaying && _horizon!.Has(in beat))
        {
            return;
        }

        _device.Totals.AddBeat();
        _beats.Add(in beat, _replaying);
    }

    public void OnBeatUnclassified(in Beat beat)
    {
        if (!_replaying || !_horizon!.Has(in beat))
        {
            _beats.Unclassified(in beat);
        }
    }

    public void OnVitals(in VitalsSecond vitals)
    {
        if (!_replaying || !_horizon!.Has(in vitals))
        {
            _outlets.Store.TryEnqueue(in vitals);
        }
    }

    public void OnStatus(in SignalStatus status)
    {
        Volatile.Write(ref _heartRateBpm, status.HeartRateBpm ?? 0);
        Volatile.Write(ref _lastSampleUnixNs, status.TimeUnixNs);
        _outlets.Alarms.OnStatus(in status, _replaying);
    }

    public void OnGap(in SignalGap gap) => _outlets.Metrics.Gap(gap.Kind);

    public void OnSamples(in FilteredSamples samples)
    {
    }

    /// <summary>Says once that a session has ended in order: with its last chunk, which may have waited for an earlier one.</summary>
    private void TellEnd()
    {
        if ((_wasOpen || _session.SessionId != _toldSession) && !_session.IsOpen)
        {
            _outlets.Alarms.OnSessionEnded(_device.DeviceId, _session.SessionId, _replaying);
        }

        (_wasOpen, _toldSession) = (_session.IsOpen, _session.SessionId);
    }
}
